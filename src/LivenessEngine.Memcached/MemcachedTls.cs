namespace LivenessEngine.Memcached;

/// <summary>Whether the clients of a listener come by TLS. What TLS needs (a certificate) is an option of the server.</summary>
public enum MemcachedTls
{
    /// <summary>They do not.</summary>
    Off = 0,

    /// <summary>They do.</summary>
    On = 1,

    /// <summary>They do, and each shows a certificate of its own that the server trusts.</summary>
    Mutual = 2,
}
