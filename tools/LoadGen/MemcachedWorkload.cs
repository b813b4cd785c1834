using System.Text;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>memcached's text protocol.</summary>
internal sealed class MemcachedWorkload : Workload
{
    private readonly byte[] _setMiddle;
    private readonly byte[] _valueMiddle;

    public MemcachedWorkload(LoadOptions options)
        : base(options)
    {
        _setMiddle = Encoding.ASCII.GetBytes($" 1 0 {options.ValueSize}\r\n");
        _valueMiddle = Encoding.ASCII.GetBytes($" 1 {options.ValueSize}\r\n");
    }

    public override int MostReplyBytes => Options.Operation == Operation.Set
        ? Stored.Length
        : ((6 + Options.KeySize + _valueMiddle.Length + Options.ValueSize + 2) * Options.Width) + 5;

    public override ReadOnlySpan<byte> Stored => "STORED\r\n"u8;

    protected override int MostSetBytes => 4 + Options.KeySize + _setMiddle.Length + Options.ValueSize + 2;

    protected override int MostGetBytes => 5 + ((Options.KeySize + 1) * Options.Width);

    public override void WriteSet(int key, Span<byte> request, ref int length)
    {
        Append("set "u8, request, ref length);
        AppendKey(key, request, ref length);
        Append(_setMiddle, request, ref length);
        Append(ValueOf(key), request, ref length);
    }

    protected override void WriteGet(Random random, Span<byte> request, ref int requestLength, Span<byte> reply, ref int replyLength)
    {
        Append("get"u8, request, ref requestLength);
        for (int i = 0; i < Options.Width; i++)
        {
            int key = random.Next(Options.Keys);
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
}
