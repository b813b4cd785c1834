using System.Buffers.Binary;
using System.Buffers.Text;

namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// Goes through a pickle as python's would, but makes nothing of it except the one thing that is looked for: a CachedValue
/// of a datetime and of a dictionary with ct and v. It knows five names and no way to call anything: what stands for a call
/// is compared with the few calls that such a pickle has.
/// </summary>
/// <remarks>
/// Bounded: every opcode takes at least one byte, the stack is <see cref="Depth"/> deep, the memory and the parts of tuples
/// are <see cref="Memory"/> long. References: Lib/pickletools.py; what each python writes is in the tests.
/// </remarks>
internal ref struct PickleMachine(ReadOnlySpan<byte> pickle, Span<PickleNode> stack, Span<PickleNode> memo, Span<PickleNode> parts)
{
    public const int Depth = 32;
    public const int Memory = 64;

    /// <summary>What is further from 1970, in seconds, is no time.</summary>
    public const double LatestTime = 1e11;

    private readonly ReadOnlySpan<byte> _pickle = pickle;
    private readonly Span<PickleNode> _stack = stack;
    private readonly Span<PickleNode> _memo = memo;
    private readonly Span<PickleNode> _parts = parts;

    private int _at;
    private int _height;
    private int _memorised;
    private int _partCount;
    private string? _problem;
    private int _problemOffset;
    private int _problemLength;

    // There is but one dictionary in a heartbeat, and so its entries stand here.
    private bool _hasDictionary;
    private PickleNode _creationTime;
    private PickleNode _version;
    private DateTime _payload;
    private PickleNode _payloadAt;

    /// <summary>What was found in place of a heartbeat, after <see cref="TryRun"/> was false.</summary>
    public readonly string Problem
    {
        get
        {
            string found = _problemLength == 0 ? "" : $" '{PickleText.Show(_pickle.Slice(_problemOffset, _problemLength))}'";
            return $"{_problem}{found} at byte {_problemOffset}";
        }
    }

    public bool TryRun(out CachedDateTime cached)
    {
        while (_problem is null)
        {
            int start = _at;
            if (_at == _pickle.Length)
            {
                Refuse("the end of the value inside a pickle", start);
                break;
            }

            byte opcode = _pickle[_at++];
            if (opcode == (byte)'.')
            {
                return Finish(out cached);
            }

            Step(opcode);
            if (_problem is null && _at > _pickle.Length)
            {
                Refuse("the end of the value inside a pickle", start);
            }
        }

        cached = default;
        return false;
    }

    private void Step(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: // PROTO
                if (TakeByte() > 5)
                {
                    Refuse("a pickle of a protocol above 5", _at - 1);
                }

                break;
            case 0x95: // FRAME: how much belongs together; nothing that matters here.
                Take(8);
                break;
            case (byte)'(': // MARK
                Push(new PickleNode(PickleKind.Mark));
                break;
            case (byte)'0': // POP
                Pop();
                break;
            case (byte)'p': // PUT
                Put(TakeDecimal());
                break;
            case (byte)'q': // BINPUT
                Put(TakeByte());
                break;
            case (byte)'r': // LONG_BINPUT
                Put(TakeInt32());
                break;
            case 0x94: // MEMOIZE
                Put(_memorised);
                break;
            case (byte)'g': // GET
                Get(TakeDecimal());
                break;
            case (byte)'h': // BINGET
                Get(TakeByte());
                break;
            case (byte)'j': // LONG_BINGET
                Get(TakeInt32());
                break;
            case (byte)'c' or 0x93: // GLOBAL, STACK_GLOBAL
                PushName(fromStack: opcode == 0x93);
                break;
            case (byte)'R': // REDUCE
                Call();
                break;
            case 0x81: // NEWOBJ
                NewObject();
                break;
            case (byte)'t': // TUPLE
                MakeTuple(CountToMark(), hasMark: true);
                break;
            case (byte)')' or 0x85 or 0x86 or 0x87: // EMPTY_TUPLE, TUPLE1 to TUPLE3
                MakeTuple(opcode == (byte)')' ? 0 : opcode - 0x84, hasMark: false);
                break;
            case (byte)'}': // EMPTY_DICT
                PushDictionary();
                break;
            case (byte)'d': // DICT
                MakeDictionary();
                break;
            case (byte)'s': // SETITEM
                SetItems(2, hasMark: false);
                break;
            case (byte)'u': // SETITEMS
                SetItems(CountToMark(), hasMark: true);
                break;
            default:
                PushScalar(opcode);
                break;
        }
    }

    private void PushScalar(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'V': // UNICODE
                PushLine(PickleKind.Escaped);
                break;
            case (byte)'S': // STRING
                PushQuoted();
                break;
            case (byte)'X': // BINUNICODE
                PushBytes(PickleKind.Utf8, TakeInt32());
                break;
            case 0x8c: // SHORT_BINUNICODE
                PushBytes(PickleKind.Utf8, TakeByte());
                break;
            case (byte)'U' or (byte)'C': // SHORT_BINSTRING, SHORT_BINBYTES
                PushBytes(PickleKind.Bytes, TakeByte());
                break;
            case (byte)'T' or (byte)'B': // BINSTRING, BINBYTES
                PushBytes(PickleKind.Bytes, TakeInt32());
                break;
            case (byte)'I' or (byte)'L': // INT, LONG
                Push(new PickleNode(PickleKind.Integer, Bits: TakeDecimal(suffix: opcode == (byte)'L')));
                break;
            case (byte)'K': // BININT1
                Push(new PickleNode(PickleKind.Integer, Bits: TakeByte()));
                break;
            case (byte)'M': // BININT2
                ReadOnlySpan<byte> two = Take(2);
                Push(new PickleNode(PickleKind.Integer, Bits: two.IsEmpty ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(two)));
                break;
            case (byte)'J': // BININT
                Push(new PickleNode(PickleKind.Integer, Bits: TakeInt32()));
                break;
            case 0x8a: // LONG1: a number of so many bytes; one will do here.
                Push(new PickleNode(PickleKind.Integer, Bits: TakeByte() == 1 ? TakeByte() : Refuse("a number that is too long", _at - 1)));
                break;
            case (byte)'F': // FLOAT
                PushDoubleText();
                break;
            case (byte)'G': // BINFLOAT
                ReadOnlySpan<byte> eight = Take(8);
                Push(new PickleNode(PickleKind.Double, _at - 8, 8, eight.IsEmpty ? 0 : BinaryPrimitives.ReadInt64BigEndian(eight)));
                break;
            default:
                Refuse("something that no heartbeat has (opcode)", _at - 1, 1);
                break;
        }
    }

    private bool Finish(out CachedDateTime cached)
    {
        cached = default;
        if (_height != 1 || _stack[0].Kind != PickleKind.CachedValue)
        {
            Refuse("a pickle of something that is no CachedValue, which ends", _at - 1);
        }
        else if (_at != _pickle.Length)
        {
            Refuse("more after the end of a pickle", _at);
        }
        else if (_creationTime.Kind is not (PickleKind.Double or PickleKind.DoubleText) || _version.Kind != PickleKind.Integer)
        {
            Refuse("a CachedValue without ct or v, which ends", _at - 1);
        }
        else if (!double.IsFinite(_creationTime.Real) || Math.Abs(_creationTime.Real) > LatestTime)
        {
            Refuse("a ct that is no time", _creationTime.Offset);
        }
        else
        {
            CreationTimeForm form = _creationTime.Kind == PickleKind.Double ? CreationTimeForm.Double : CreationTimeForm.Text;
            var place = new CreationTimePlace(form, _creationTime.Offset, _creationTime.Length);
            cached = new CachedDateTime(_payload, _creationTime.Real, (int)_version.Bits, place) { PayloadAt = _payloadAt };
        }

        return _problem is null;
    }

    // One of the three calls that a heartbeat has: datetime(bytes), encode(text, 'latin1'), and for a CachedValue itself
    // _reconstructor(CachedValue, tuple, (payload, metadata)) or, by an old dogpile.cache, CachedValue(payload, metadata).
    private void Call()
    {
        PickleNode arguments = Pop();
        PickleNode name = Pop();
        if (arguments.Kind != PickleKind.Tuple || name.Kind != PickleKind.Name)
        {
            Refuse("a call of something that is no name", _at - 1);
            return;
        }

        ReadOnlySpan<PickleNode> given = _parts.Slice(arguments.Offset, arguments.Length);
        if (name.Name == PickleName.DateTime && given.Length == 1)
        {
            PushDateTime(given[0]);
        }
        else if (name.Name == PickleName.Encode && given is [{ Kind: PickleKind.Utf8 or PickleKind.Escaped }, _] && IsText(given[1], "latin1"u8))
        {
            // Still text: whoever wants bytes of it takes its characters for bytes, which Latin-1 is.
            Push(given[0]);
        }
        else if (name.Name == PickleName.Reconstructor && given is [{ Name: PickleName.CachedValue }, { Name: PickleName.Tuple }, { Kind: PickleKind.Tuple }])
        {
            PushCachedValue(_parts.Slice(given[2].Offset, given[2].Length));
        }
        else if (name.Name == PickleName.CachedValue)
        {
            PushCachedValue(given);
        }
        else
        {
            Refuse("a call that no heartbeat has, of", name.Offset, name.Length);
        }
    }

    private void NewObject()
    {
        PickleNode arguments = Pop();
        PickleNode name = Pop();
        if (arguments.Kind == PickleKind.Tuple && name.Name == PickleName.CachedValue)
        {
            PushCachedValue(_parts.Slice(arguments.Offset, arguments.Length));
        }
        else
        {
            Refuse("an object that is no CachedValue", _at - 1);
        }
    }

    private void PushCachedValue(ReadOnlySpan<PickleNode> given)
    {
        if (given is [{ Kind: PickleKind.DateTime } date, { Kind: PickleKind.Dictionary }])
        {
            _payload = new DateTime(date.Bits, DateTimeKind.Utc);
            Push(new PickleNode(PickleKind.CachedValue));
        }
        else
        {
            Refuse("a CachedValue of other things than a datetime and metadata", _at - 1);
        }
    }

    private void PushDateTime(PickleNode bytes)
    {
        Span<byte> date = stackalloc byte[PickleText.DateLength];
        if (PickleText.TryCopy(_pickle, bytes, date, out int length) && length == date.Length && PickleText.TryDate(date, out DateTime time))
        {
            _payloadAt = bytes;
            Push(new PickleNode(PickleKind.DateTime, Bits: time.Ticks));
        }
        else
        {
            Refuse("a datetime that is none", _at - 1);
        }
    }

    private void PushName(bool fromStack)
    {
        int start = _at;
        ReadOnlySpan<byte> module;
        ReadOnlySpan<byte> name;
        if (fromStack)
        {
            PickleNode second = Pop();
            PickleNode first = Pop();
            if (first.Kind != PickleKind.Utf8 || second.Kind != PickleKind.Utf8)
            {
                Refuse("a name that is no text", start - 1);
                return;
            }

            start = first.Offset;
            module = _pickle.Slice(first.Offset, first.Length);
            name = _pickle.Slice(second.Offset, second.Length);
        }
        else
        {
            module = TakeLine();
            name = TakeLine();
        }

        PickleName known = PickleText.NameOf(module, name);
        int length = fromStack ? module.Length : module.Length + 1 + name.Length;
        if (known == PickleName.Other)
        {
            Refuse("a pickle that names", start, Math.Min(length, _pickle.Length - start));
            return;
        }

        Push(new PickleNode(PickleKind.Name, start, length, (long)known));
    }

    private void PushDictionary()
    {
        if (_hasDictionary)
        {
            Refuse("a second dictionary", _at - 1);
        }

        _hasDictionary = true;
        Push(new PickleNode(PickleKind.Dictionary));
    }

    private void MakeDictionary()
    {
        int count = CountToMark();
        if (_hasDictionary)
        {
            Refuse("a second dictionary", _at - 1);
            return;
        }

        _hasDictionary = true;
        SetEntries(count);
        Pop();
        Push(new PickleNode(PickleKind.Dictionary));
    }

    private void SetItems(int count, bool hasMark)
    {
        SetEntries(count);
        if (hasMark)
        {
            Pop();
        }

        if (_height == 0 || _stack[_height - 1].Kind != PickleKind.Dictionary)
        {
            Refuse("entries of something that is no dictionary", _at - 1);
        }
    }

    private void SetEntries(int count)
    {
        if ((count & 1) != 0)
        {
            Refuse("an entry without a value", _at - 1);
        }

        for (; count > 0 && _problem is null; count -= 2)
        {
            PickleNode value = Pop();
            PickleNode key = Pop();
            if (IsText(key, "ct"u8))
            {
                _creationTime = value;
            }
            else if (IsText(key, "v"u8))
            {
                _version = value;
            }
            else
            {
                Refuse("metadata besides ct and v", key.Offset, key.Length);
            }
        }
    }

    private void MakeTuple(int count, bool hasMark)
    {
        if (_partCount + count > _parts.Length || count > _height)
        {
            Refuse("more parts than a heartbeat has", _at - 1);
            return;
        }

        _stack.Slice(_height - count, count).CopyTo(_parts[_partCount..]);
        _height -= count;
        if (hasMark)
        {
            Pop();
        }

        Push(new PickleNode(PickleKind.Tuple, _partCount, count));
        _partCount += count;
    }

    // How many stand above the last mark.
    private int CountToMark()
    {
        for (int i = _height - 1; i >= 0; i--)
        {
            if (_stack[i].Kind == PickleKind.Mark)
            {
                return _height - 1 - i;
            }
        }

        Refuse("the end of something that did not begin", _at - 1);
        return 0;
    }

    private void Push(PickleNode node)
    {
        if (_height == _stack.Length)
        {
            Refuse("a pickle that is nested too deep", _at - 1);
            return;
        }

        _stack[_height++] = node;
    }

    private PickleNode Pop()
    {
        if (_height > 0)
        {
            return _stack[--_height];
        }

        Refuse("a pickle that takes what it did not put there", _at - 1);
        return default;
    }

    private void Put(long place)
    {
        if (place is < 0 or >= Memory || _height == 0)
        {
            Refuse("a pickle that remembers too much", _at - 1);
            return;
        }

        _memo[(int)place] = _stack[_height - 1];
        _memorised++;
    }

    private void Get(long place)
    {
        if (place is < 0 or >= Memory || _memo[(int)place].Kind == PickleKind.None)
        {
            Refuse("a pickle that asks for what it did not remember", _at - 1);
            return;
        }

        Push(_memo[(int)place]);
    }

    private void PushBytes(PickleKind kind, int length)
    {
        int start = _at;
        Take(length);
        Push(new PickleNode(kind, start, length));
    }

    private void PushLine(PickleKind kind)
    {
        int start = _at;
        Push(new PickleNode(kind, start, TakeLine().Length));
    }

    private void PushQuoted()
    {
        int start = _at;
        ReadOnlySpan<byte> line = TakeLine();
        if (line.Length >= 2 && line[0] == line[^1] && line[0] is (byte)'\'' or (byte)'"')
        {
            Push(new PickleNode(PickleKind.Quoted, start + 1, line.Length - 2));
        }
        else
        {
            Refuse("a text without quotes", start);
        }
    }

    private void PushDoubleText()
    {
        int start = _at;
        ReadOnlySpan<byte> line = TakeLine();
        if (Utf8Parser.TryParse(line, out double number, out int used) && used == line.Length)
        {
            Push(new PickleNode(PickleKind.DoubleText, start, line.Length, BitConverter.DoubleToInt64Bits(number)));
        }
        else
        {
            Refuse("a number that is none", start);
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _pickle.Length - _at)
        {
            Refuse("the end of the value inside a pickle", _pickle.Length);
            return default;
        }

        ReadOnlySpan<byte> taken = _pickle.Slice(_at, length);
        _at += length;
        return taken;
    }

    private ReadOnlySpan<byte> TakeLine()
    {
        int length = _pickle[_at..].IndexOf((byte)'\n');
        if (length < 0)
        {
            Refuse("the end of the value inside a pickle", _pickle.Length);
            return default;
        }

        ReadOnlySpan<byte> line = _pickle.Slice(_at, length);
        _at += length + 1;
        return line;
    }

    private byte TakeByte()
    {
        ReadOnlySpan<byte> taken = Take(1);
        return taken.IsEmpty ? (byte)0 : taken[0];
    }

    private int TakeInt32()
    {
        ReadOnlySpan<byte> taken = Take(4);
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadInt32LittleEndian(taken);
    }

    private long TakeDecimal(bool suffix = false)
    {
        int start = _at;
        ReadOnlySpan<byte> line = TakeLine();
        line = suffix && line is [.. var digits, (byte)'L'] ? digits : line;
        return Utf8Parser.TryParse(line, out int number, out int used) && used == line.Length ? number : Refuse("a number that is none", start);
    }

    private readonly bool IsText(PickleNode node, ReadOnlySpan<byte> text)
    {
        Span<byte> copy = stackalloc byte[8];
        return PickleText.TryCopy(_pickle, node, copy, out int length) && copy[..length].SequenceEqual(text);
    }

    // The first problem is the one that is told. Returns 0 for whoever needs a number.
    private int Refuse(string problem, int offset, int length = 0)
    {
        if (_problem is null)
        {
            (_problem, _problemOffset, _problemLength) = (problem, offset, length);
        }

        return 0;
    }
}
