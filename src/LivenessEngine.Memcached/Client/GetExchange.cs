using System.Buffers;
using System.Buffers.Text;

namespace LivenessEngine.Memcached.Client;

/// <summary>get &lt;key&gt;*, some hundred keys a line: VALUE &lt;key&gt; &lt;flags&gt; &lt;bytes&gt;, data, ..., END. Keys that are not there are left out.</summary>
internal sealed class GetExchange(IReadOnlyList<byte[]> keys, IReadOnlyList<int> which, GetExchange.Handler found) : Exchange
{
    /// <summary>Called with each value that was found.</summary>
    /// <param name="key">The key's number in the list of keys.</param>
    /// <param name="flags">The item's flags.</param>
    /// <param name="length">The value's length.</param>
    /// <param name="value">The value; empty if it is longer than any heartbeat.</param>
    public delegate void Handler(int key, uint flags, int length, ReadOnlySpan<byte> value);

    private const int KeysOfLine = 200;
    private const int LongestValue = 16 << 10;

    // Where in the line the key of the last value stood: values come in the order of the keys.
    private int _next;

    // The value that is being read: which key's, or -1 for none.
    private int _key = -1;
    private uint _flags;
    private int _length;
    private int _skip;

    public override int Count => (which.Count + KeysOfLine - 1) / KeysOfLine;

    public override void Write(int number, IBufferWriter<byte> output)
    {
        output.Write("get"u8);
        int end = EndOf(number);
        for (int i = number * KeysOfLine; i < end; i++)
        {
            byte[] key = keys[which[i]];
            Span<byte> word = output.GetSpan(key.Length + 1);
            word[0] = (byte)' ';
            key.CopyTo(word[1..]);
            output.Advance(key.Length + 1);
        }

        output.Write("\r\n"u8);
    }

    public override bool TryRead(int number, ref SequenceReader<byte> reader)
    {
        Span<byte> line = stackalloc byte[ReplyLine.Longest];
        while (true)
        {
            if (_key >= 0 && !TryReadValue(ref reader))
            {
                return false;
            }

            if (!ReplyLine.TryRead(ref reader, line, out int length))
            {
                return false;
            }

            if (line[..length].SequenceEqual("END"u8))
            {
                _next = 0;
                return true;
            }

            ReadHeader(line[..length], number);
        }
    }

    public override void Reset() => (_next, _key, _skip) = (0, -1, 0);

    // VALUE <key> <flags> <bytes> [<cas>]
    private void ReadHeader(ReadOnlySpan<byte> line, int number)
    {
        ReadOnlySpan<byte> rest = line;
        if (!TakeWord(ref rest).SequenceEqual("VALUE"u8))
        {
            throw ReplyLine.Unexpected(line, "get");
        }

        ReadOnlySpan<byte> key = TakeWord(ref rest);
        if (!TryParse(TakeWord(ref rest), out _flags) || !TryParse(TakeWord(ref rest), out uint length) || length > int.MaxValue - 2)
        {
            throw ReplyLine.Unexpected(line, "get");
        }

        _key = Find(key, number);
        if (_key < 0)
        {
            throw new ReplyException($"answered with the key '{Nova.PickleText.Show(key)}', which was not asked for", isRefusal: false);
        }

        _length = (int)length;
        _skip = _length > LongestValue ? _length : 0;
    }

    private bool TryReadValue(ref SequenceReader<byte> reader)
    {
        // Who stores pictures under the keys of members does not make us keep them.
        if (_skip > 0)
        {
            int skipped = (int)Math.Min(_skip, reader.Remaining);
            reader.Advance(skipped);
            _skip -= skipped;
            if (_skip > 0)
            {
                return false;
            }
        }

        int rest = _length > LongestValue ? 0 : _length;
        if (reader.Remaining < rest + 2)
        {
            return false;
        }

        if (rest == 0)
        {
            CheckEnd(ref reader);
            found(_key, _flags, _length, default);
        }
        else if (reader.UnreadSpan.Length >= rest)
        {
            ReadOnlySpan<byte> value = reader.UnreadSpan[..rest];
            reader.Advance(rest);
            CheckEnd(ref reader);
            found(_key, _flags, _length, value);
        }
        else
        {
            byte[] copy = ArrayPool<byte>.Shared.Rent(rest);
            reader.TryCopyTo(copy.AsSpan(0, rest));
            reader.Advance(rest);
            CheckEnd(ref reader);
            found(_key, _flags, _length, copy.AsSpan(0, rest));
            ArrayPool<byte>.Shared.Return(copy);
        }

        _key = -1;
        return true;
    }

    private static void CheckEnd(ref SequenceReader<byte> reader)
    {
        if (!reader.IsNext("\r\n"u8, advancePast: true))
        {
            throw new ReplyException("sent a value without an end", isRefusal: false);
        }
    }

    // In the order of the keys as a rule; a proxy may answer in another.
    private int Find(ReadOnlySpan<byte> key, int number)
    {
        int start = number * KeysOfLine;
        int count = EndOf(number) - start;
        for (int i = 0; i < count; i++)
        {
            int place = (_next + i) % count;
            if (keys[which[start + place]].AsSpan().SequenceEqual(key))
            {
                _next = place + 1;
                return which[start + place];
            }
        }

        return -1;
    }

    private int EndOf(int number) => Math.Min((number + 1) * KeysOfLine, which.Count);

    private static ReadOnlySpan<byte> TakeWord(ref ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return word;
    }

    private static bool TryParse(ReadOnlySpan<byte> word, out uint number)
        => Utf8Parser.TryParse(word, out number, out int used) && used == word.Length;
}
