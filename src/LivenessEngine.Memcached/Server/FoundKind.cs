namespace LivenessEngine.Memcached.Server;

/// <summary>What was found under a key, and so how its value is told.</summary>
internal enum FoundKind
{
    /// <summary>An item, as it stands.</summary>
    Inline,

    /// <summary>An item whose value is kept in several pieces.</summary>
    Chunked,

    /// <summary>A heartbeat whose member is up.</summary>
    Heartbeat,

    /// <summary>A member that is up and never stored a heartbeat here.</summary>
    MadeUpHeartbeat,
}
