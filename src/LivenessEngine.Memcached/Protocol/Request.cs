namespace LivenessEngine.Memcached.Protocol;

/// <summary>What a request line says, checked as far as that goes without knowing what is stored.</summary>
internal ref struct Request
{
    public Command Command;

    /// <summary>The key; for get, gets, gat and gats the first one, and <see cref="Arguments"/> has the others.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>
    /// What stands behind the words that are told here: further keys, a meta command's flags, or an administrative command's
    /// words.
    /// </summary>
    public ReadOnlySpan<byte> Arguments;

    public uint Flags;

    /// <summary>As the client sent it; <see cref="Time.Expiry"/> knows what it means.</summary>
    public long Exptime;

    /// <summary>Bytes of the data block that follows the line, CRLF not counted; -1 for a command without one.</summary>
    public int ValueLength;

    /// <summary>The version that cas expects.</summary>
    public ulong Cas;

    /// <summary>What incr and decr add or subtract.</summary>
    public ulong Delta;

    /// <summary>The client wants no reply.</summary>
    public bool NoReply;
}
