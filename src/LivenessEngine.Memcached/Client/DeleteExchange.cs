using System.Buffers;

namespace LivenessEngine.Memcached.Client;

/// <summary>delete &lt;key&gt;: DELETED or NOT_FOUND.</summary>
internal sealed class DeleteExchange(byte[] key) : Exchange
{
    public override int Count => 1;

    /// <summary>Whether it was there.</summary>
    public bool Deleted { get; private set; }

    public override void Write(int number, IBufferWriter<byte> output)
    {
        output.Write("delete "u8);
        output.Write(key);
        output.Write("\r\n"u8);
    }

    public override bool TryRead(int number, ref SequenceReader<byte> reader)
    {
        Span<byte> line = stackalloc byte[ReplyLine.Longest];
        if (!ReplyLine.TryRead(ref reader, line, out int length))
        {
            return false;
        }

        Deleted = line[..length].SequenceEqual("DELETED"u8);
        return Deleted || line[..length].SequenceEqual("NOT_FOUND"u8) ? true : throw ReplyLine.Unexpected(line[..length], "delete");
    }
}
