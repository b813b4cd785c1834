using System.Buffers;
using System.Buffers.Text;

namespace LivenessEngine.Memcached.Client;

/// <summary>set &lt;key&gt; &lt;flags&gt; 0 &lt;bytes&gt;, one value under many keys: beats, which never expire on a server.</summary>
internal sealed class SetExchange(IReadOnlyList<byte[]> keys, IReadOnlyList<int> which, uint flags, byte[] value) : Exchange
{
    private ReplyException? _refusal;

    public override int Count => which.Count;

    public override void Write(int number, IBufferWriter<byte> output)
    {
        byte[] key = keys[which[number]];
        Span<byte> line = output.GetSpan(key.Length + value.Length + 48);
        int at = 0;
        Add("set "u8, line, ref at);
        Add(key, line, ref at);
        Add(" "u8, line, ref at);
        Utf8Formatter.TryFormat(flags, line[at..], out int digits);
        at += digits;
        Add(" 0 "u8, line, ref at);
        Utf8Formatter.TryFormat(value.Length, line[at..], out digits);
        at += digits;
        Add("\r\n"u8, line, ref at);
        Add(value, line, ref at);
        Add("\r\n"u8, line, ref at);
        output.Advance(at);
    }

    public override bool TryRead(int number, ref SequenceReader<byte> reader)
    {
        if (reader.IsNext("STORED\r\n"u8, advancePast: true))
        {
            return true;
        }

        Span<byte> line = stackalloc byte[ReplyLine.Longest];
        if (!ReplyLine.TryRead(ref reader, line, out int length))
        {
            return false;
        }

        if (!line[..length].SequenceEqual("STORED"u8))
        {
            ReplyException fault = ReplyLine.Unexpected(line[..length], "set");
            _refusal ??= fault.IsRefusal ? fault : throw fault;
        }

        return true;
    }

    public override void Complete()
    {
        if (_refusal is not null)
        {
            throw _refusal;
        }
    }

    public override void Reset() => _refusal = null;

    private static void Add(ReadOnlySpan<byte> part, Span<byte> line, ref int at)
    {
        part.CopyTo(line[at..]);
        at += part.Length;
    }
}
