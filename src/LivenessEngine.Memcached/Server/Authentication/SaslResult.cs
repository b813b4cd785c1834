namespace LivenessEngine.Memcached.Server.Authentication;

/// <summary>What came of a step of SASL.</summary>
internal enum SaslResult
{
    /// <summary>The message has not come whole.</summary>
    NeedMore,

    /// <summary>The client was told what it asked for, or what it did wrong; who it is has not been said.</summary>
    Told,

    /// <summary>It is one of those who may use the server.</summary>
    Authenticated,

    /// <summary>It is not.</summary>
    Refused,
}
