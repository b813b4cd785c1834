using System.Text;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>The same in redis's protocol (RESP): SET with EX, GET, and MGET for several keys.</summary>
internal sealed class RedisWorkload : Workload
{
    private const int LongestHead = 32;

    private readonly byte[] _setHead;
    private readonly byte[] _getHead;
    private readonly byte[] _keyHead;
    private readonly byte[] _valueHead;
    private readonly byte[] _replyHead;

    public RedisWorkload(LoadOptions options)
        : base(options)
    {
        static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
        _setHead = Bytes("*5\r\n$3\r\nSET\r\n");
        _getHead = options.Width == 1 ? Bytes("*2\r\n$3\r\nGET\r\n") : Bytes($"*{options.Width + 1}\r\n$4\r\nMGET\r\n");
        _keyHead = Bytes($"${options.KeySize}\r\n");
        _valueHead = Bytes($"\r\n${options.ValueSize}\r\n");
        _replyHead = options.Width == 1 ? [] : Bytes($"*{options.Width}\r\n");
    }

    public override int MostReplyBytes => Options.Operation == Operation.Set
        ? Stored.Length
        : _replyHead.Length + ((_valueHead.Length + Options.ValueSize) * Options.Width);

    public override ReadOnlySpan<byte> Stored => "+OK\r\n"u8;

    protected override int MostSetBytes => (3 * LongestHead) + Options.KeySize + Options.ValueSize + Expiry.Length;

    protected override int MostGetBytes => LongestHead + ((LongestHead + Options.KeySize) * Options.Width);

    private static ReadOnlySpan<byte> Expiry => "$2\r\nEX\r\n$4\r\n3600\r\n"u8;

    public override void WriteSet(int key, Span<byte> request, ref int length)
    {
        Append(_setHead, request, ref length);
        Append(_keyHead, request, ref length);
        AppendKey(key, request, ref length);
        Append(_valueHead, request, ref length);
        Append(ValueOf(key), request, ref length);
        Append(Expiry, request, ref length);
    }

    protected override void WriteGet(Random random, Span<byte> request, ref int requestLength, Span<byte> reply, ref int replyLength)
    {
        Append(_getHead, request, ref requestLength);
        Append(_replyHead, reply, ref replyLength);
        for (int i = 0; i < Options.Width; i++)
        {
            int key = random.Next(Options.Keys);
            Append(_keyHead, request, ref requestLength);
            AppendKey(key, request, ref requestLength);
            Append("\r\n"u8, request, ref requestLength);
            Append(_valueHead.AsSpan(2), reply, ref replyLength);
            Append(ValueOf(key), reply, ref replyLength);
        }
    }
}
