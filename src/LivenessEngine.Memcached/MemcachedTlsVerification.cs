namespace LivenessEngine.Memcached;

/// <summary>Whether clients are asked for a certificate (memcached -o ssl_verify_mode).</summary>
public enum MemcachedTlsVerification
{
    /// <summary>They are not.</summary>
    None = 0,

    /// <summary>They are, and need not have one; one that is not trusted is refused.</summary>
    Request = 1,

    /// <summary>They are, and must have one that is trusted.</summary>
    Require = 2,

    /// <summary>As <see cref="Request"/>: there is no second handshake here that it would differ in.</summary>
    Once = 3,
}
