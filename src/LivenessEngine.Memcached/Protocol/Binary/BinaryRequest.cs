using System.Buffers.Binary;

namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>A request of the binary protocol: what its header says, with its extras and its key. Its value follows.</summary>
internal ref struct BinaryRequest
{
    /// <summary>The command as the client sent it: replies name it.</summary>
    public Opcode Opcode;

    /// <summary>The command without its Q.</summary>
    public Opcode Command;

    /// <summary>The usual reply is not sent; of a get, the one that says that nothing is there.</summary>
    public bool IsQuiet;

    /// <summary>The client's, as it stands: replies carry it.</summary>
    public uint Opaque;

    /// <summary>The version that the item must have; 0 for any.</summary>
    public ulong Cas;

    /// <summary>For whom the reply is.</summary>
    public readonly ReplyAddress Sender => new(Opcode, Opaque);

    public ReadOnlySpan<byte> Extras;

    public ReadOnlySpan<byte> Key;

    /// <summary>Bytes of the value, which follows; as many as the header says, however many that are.</summary>
    public uint ValueLength;

    /// <summary>Set, Add and Replace: the client's 32 bits.</summary>
    public readonly uint Flags => BinaryPrimitives.ReadUInt32BigEndian(Extras);

    /// <summary>Where there is one, it stands at the end of the extras; 32 bits without a sign.</summary>
    public readonly uint Exptime => Extras.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32BigEndian(Extras[^sizeof(uint)..]);

    /// <summary>Verbosity: how much to log.</summary>
    public readonly uint Level => BinaryPrimitives.ReadUInt32BigEndian(Extras);

    /// <summary>Increment and Decrement: what to add or subtract.</summary>
    public readonly ulong Delta => BinaryPrimitives.ReadUInt64BigEndian(Extras);

    /// <summary>Increment and Decrement: the number to make where none is.</summary>
    public readonly ulong Initial => BinaryPrimitives.ReadUInt64BigEndian(Extras[sizeof(ulong)..]);
}
