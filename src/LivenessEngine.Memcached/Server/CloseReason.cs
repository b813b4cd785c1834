namespace LivenessEngine.Memcached.Server;

/// <summary>Why a connection ends, as memcached's log names it.</summary>
internal enum CloseReason
{
    /// <summary>The client broke off, or the connection failed.</summary>
    Error,

    /// <summary>The client said so, or has nothing more to say.</summary>
    Normal,

    IdleTimeout,
    Shutdown,
}
