using System.Net.Security;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>OpenSSL's names of cipher suites.</summary>
internal static class TlsCiphers
{
    private static readonly TlsCipherSuite[] Tls13 =
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    // Those of TLS 1.2 that are not known to be weak.
    private static readonly Dictionary<string, TlsCipherSuite> Tls12 = new()
    {
        ["ECDHE-ECDSA-AES256-GCM-SHA384"] = TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        ["ECDHE-RSA-AES256-GCM-SHA384"] = TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        ["DHE-RSA-AES256-GCM-SHA384"] = TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
        ["ECDHE-ECDSA-CHACHA20-POLY1305"] = TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        ["ECDHE-RSA-CHACHA20-POLY1305"] = TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ["DHE-RSA-CHACHA20-POLY1305"] = TlsCipherSuite.TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ["ECDHE-ECDSA-AES128-GCM-SHA256"] = TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        ["ECDHE-RSA-AES128-GCM-SHA256"] = TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        ["DHE-RSA-AES128-GCM-SHA256"] = TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
    };

    /// <summary>The suites of a list with colons, and those of TLS 1.3.</summary>
    /// <exception cref="FormatException">One is not known; the message names it and those that are.</exception>
    public static CipherSuitesPolicy Policy(string list)
    {
        var suites = new List<TlsCipherSuite>(Tls13);
        foreach (string name in list.Split(':'))
        {
            suites.Add(Tls12.TryGetValue(name, out TlsCipherSuite suite)
                ? suite
                : throw new FormatException($"Error setting the provided cipher(s): {list}: '{name}' is not known; known are {string.Join(", ", Tls12.Keys)}"));
        }

#pragma warning disable CA1416 // Who asks for ciphers on a system whose TLS takes no such list is told so by the exception.
        return new CipherSuitesPolicy(suites);
#pragma warning restore CA1416
    }
}
