namespace LivenessEngine.Memcached;

/// <summary>What a server does TLS with: PEM files, as memcached takes them (-Z, -o ssl_...). Read when the server is made, and on refresh_certs.</summary>
public sealed class MemcachedTlsOptions
{
    /// <summary>File of the server's certificate, and of those between it and a root, in this order (memcached ssl_chain_cert).</summary>
    public required string CertificateChain { get; init; }

    /// <summary>File of the certificate's key, which is not encrypted; null (default) for the certificate's own (memcached ssl_key).</summary>
    public string? Key { get; init; }

    /// <summary>Whether the key file is DER and not PEM. Default false (memcached ssl_keyformat).</summary>
    public bool IsKeyDer { get; init; }

    /// <summary>File of the roots that clients' certificates are trusted by; null (default) for none (memcached ssl_ca_cert).</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>Whether clients are asked for a certificate. Default <see cref="MemcachedTlsVerification.None"/> (memcached ssl_verify_mode).</summary>
    public MemcachedTlsVerification Verification { get; init; }

    /// <summary>
    /// Which ciphers TLS 1.2 may use, by OpenSSL's names with colons between them; null (default) for the system's choice.
    /// Those of TLS 1.3 may always be used, as in memcached (ssl_ciphers).
    /// </summary>
    public string? Ciphers { get; init; }

    /// <summary>The oldest version of TLS that is spoken: 0 to 3 for 1.0 to 1.3. Default 2 (memcached ssl_min_version).</summary>
    public int MinimumVersion { get; init; } = 2;

    /// <summary>Whether sessions may be resumed. Default false (memcached ssl_session_cache).</summary>
    public bool ResumesSessions { get; init; }

    /// <summary>How long a client may take to begin: one that takes longer is cut off. More than zero. Default 10 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
