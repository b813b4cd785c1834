namespace LivenessEngine.Database.Dialects;

/// <summary>What a failed statement says about trying it again.</summary>
internal enum FaultKind
{
    /// <summary>It will fail again until somebody puts it right.</summary>
    Lasting,

    /// <summary>A value that the table does not take; other rows are none the worse.</summary>
    BadValue,

    /// <summary>Somebody else was in the way, and may be gone with the next try.</summary>
    Conflict,

    /// <summary>A row is held by somebody else, and has been waited for.</summary>
    Locked,

    /// <summary>The connection broke; a new one may do.</summary>
    ConnectionLost,

    /// <summary>Nobody is there, or nobody answers; trying again at once would only double the wait.</summary>
    Away,
}
