using System.Text;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>Writes requests, and the exact replies that they must get.</summary>
internal sealed class Workload
{
    private readonly LoadOptions _options;
    private readonly byte[] _keyTemplate;
    private readonly byte[][] _values;
    private readonly byte[] _setMiddle;
    private readonly byte[] _valueMiddle;

    public Workload(LoadOptions options)
    {
        _options = options;
        _keyTemplate = Encoding.ASCII.GetBytes(options.KeyPrefix.PadRight(options.KeySize, '0'));
        _values = new byte[26][];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = [.. Enumerable.Repeat((byte)('a' + i), options.ValueSize), (byte)'\r', (byte)'\n'];
        }

        _setMiddle = Encoding.ASCII.GetBytes($" 1 0 {options.ValueSize}\r\n");
        _valueMiddle = Encoding.ASCII.GetBytes($" 1 {options.ValueSize}\r\n");
        MostRequestBytes = options.Operation == Operation.Set
            ? 4 + options.KeySize + _setMiddle.Length + options.ValueSize + 2
            : 5 + ((options.KeySize + 1) * options.Width);
        MostReplyBytes = options.Operation == Operation.Set
            ? 8
            : ((6 + options.KeySize + _valueMiddle.Length + options.ValueSize + 2) * options.Width) + 5;
    }

    public int MostRequestBytes { get; }

    public int MostReplyBytes { get; }

    /// <summary>Appends a request and its reply.</summary>
    public void Write(Random random, Span<byte> request, ref int requestLength, Span<byte> reply, ref int replyLength)
    {
        if (_options.Operation == Operation.Set)
        {
            WriteSet(random.Next(_options.Keys), request, ref requestLength);
            Append("STORED\r\n"u8, reply, ref replyLength);
            return;
        }

        Append("get"u8, request, ref requestLength);
        for (int i = 0; i < _options.Width; i++)
        {
            int key = random.Next(_options.Keys);
            Append(" "u8, request, ref requestLength);
            AppendKey(key, request, ref requestLength);
            Append("VALUE "u8, reply, ref replyLength);
            AppendKey(key, reply, ref replyLength);
            Append(_valueMiddle, reply, ref replyLength);
            Append(ValueOf(key), reply, ref replyLength);
        }

        Append("\r\n"u8, request, ref requestLength);
        Append("END\r\n"u8, reply, ref replyLength);
    }

    /// <summary>A set of one key, for filling the server before gets.</summary>
    public void WriteSet(int key, Span<byte> request, ref int length)
    {
        Append("set "u8, request, ref length);
        AppendKey(key, request, ref length);
        Append(_setMiddle, request, ref length);
        Append(ValueOf(key), request, ref length);
    }

    private byte[] ValueOf(int key) => _values[key % _values.Length];

    private void AppendKey(int key, Span<byte> target, ref int length)
    {
        Span<byte> place = target.Slice(length, _keyTemplate.Length);
        _keyTemplate.CopyTo(place);
        for (int i = place.Length - 1; key > 0; i--, key /= 10)
        {
            place[i] = (byte)('0' + (key % 10));
        }

        length += place.Length;
    }

    private static void Append(ReadOnlySpan<byte> bytes, Span<byte> target, ref int length)
    {
        bytes.CopyTo(target[length..]);
        length += bytes.Length;
    }
}
