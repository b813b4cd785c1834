using System.Buffers;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// Many commands that go out in one and are answered in their order. Made for one server and one use; it may be played again
/// from the start when the connection was closed under it.
/// </summary>
internal abstract class Exchange
{
    /// <summary>How many commands, and so replies.</summary>
    public abstract int Count { get; }

    /// <summary>Writes a command.</summary>
    public abstract void Write(int number, IBufferWriter<byte> output);

    /// <summary>Reads as much as there is of the reply to a command, and takes it off the buffer. False if more must come.</summary>
    /// <exception cref="ReplyException">It is no such reply.</exception>
    public abstract bool TryRead(int number, ref SequenceReader<byte> reader);

    /// <summary>Called when all replies are read.</summary>
    /// <exception cref="ReplyException">Some command was refused.</exception>
    public virtual void Complete()
    {
    }

    /// <summary>Called before it is played again.</summary>
    public virtual void Reset()
    {
    }
}
