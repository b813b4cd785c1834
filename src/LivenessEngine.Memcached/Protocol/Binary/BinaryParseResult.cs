namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>What came of the bytes of a binary request.</summary>
internal enum BinaryParseResult
{
    /// <summary>A request to execute.</summary>
    Done,

    /// <summary>Header, extras and key are not there yet.</summary>
    NeedMore,

    /// <summary>No request begins like this: close, and say nothing.</summary>
    BadMagic,

    /// <summary>Key and extras are longer than the body that they are part of: "Unknown command", and close.</summary>
    BadLengths,

    /// <summary>Not what this command takes: "Invalid arguments", and close.</summary>
    InvalidArguments,

    /// <summary>No command: "Unknown command"; the body is passed over.</summary>
    UnknownCommand,
}
