using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>Reads the files that TLS is done with, and checks that they fit together.</summary>
internal static class TlsFiles
{
    /// <summary>What a handshake needs to know.</summary>
    /// <param name="options">Which files, and the rest.</param>
    /// <param name="verification">Whether clients are asked for a certificate.</param>
    /// <exception cref="FormatException">A file cannot be read, or does not fit; the message names it as memcached does.</exception>
    public static SslServerAuthenticationOptions Load(MemcachedTlsOptions options, MemcachedTlsVerification verification)
    {
        X509Certificate2Collection chain = Read("Error loading the certificate chain", options.CertificateChain, Certificates);
        string key = options.Key ?? options.CertificateChain;
        X509Certificate2 certificate = Read("Error loading the key", key, file => WithKey(chain[0], file, options.IsKeyDer));
        X509Certificate2Collection roots = options.ClientAuthorities is { } authorities
            ? Read("Error loading the CA certificate", authorities, Certificates)
            : [];
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            ClientCertificateRequired = verification != MemcachedTlsVerification.None,
            CertificateChainPolicy = TrustIn(roots),
            RemoteCertificateValidationCallback = (_, shown, _, errors) => verification == MemcachedTlsVerification.None
                || (shown is null ? verification != MemcachedTlsVerification.Require : errors == SslPolicyErrors.None),
            EnabledSslProtocols = Versions(options.MinimumVersion),
            CipherSuitesPolicy = options.Ciphers is { } ciphers ? TlsCiphers.Policy(ciphers) : null,
            AllowTlsResume = options.ResumesSessions,
            AllowRenegotiation = false,
        };
    }

    private static T Read<T>(string failure, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new FormatException($"{failure}: {file} : {fault.Message.ReplaceLineEndings(" ")}", fault);
        }
    }

    private static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new CryptographicException("there is no PEM certificate in it");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string file, bool isDer)
    {
        bool isEllipticCurve = certificate.GetECDsaPublicKey() is not null;
        using AsymmetricAlgorithm key = isEllipticCurve ? ECDsa.Create() : RSA.Create();
        if (!isDer)
        {
            key.ImportFromPem(File.ReadAllText(file));
        }
        else
        {
            ImportDer(key, File.ReadAllBytes(file));
        }

        return isEllipticCurve ? certificate.CopyWithPrivateKey((ECDsa)key) : certificate.CopyWithPrivateKey((RSA)key);
    }

    // As openssl writes it: with the kind of key told inside, or in the form of that kind.
    private static void ImportDer(AsymmetricAlgorithm key, byte[] bytes)
    {
        try
        {
            key.ImportPkcs8PrivateKey(bytes, out _);
        }
        catch (CryptographicException)
        {
            if (key is RSA rsa)
            {
                rsa.ImportRSAPrivateKey(bytes, out _);
            }
            else
            {
                ((ECDsa)key).ImportECPrivateKey(bytes, out _);
            }
        }
    }

    // Nobody else's roots than those that were named, and nothing that has to be fetched.
    private static X509ChainPolicy TrustIn(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static SslProtocols Versions(int minimum)
    {
#pragma warning disable CA5397, CA5398, SYSLIB0039, CS0618 // An operator who asks for old versions has old clients.
        SslProtocols[] versions = [SslProtocols.Tls, SslProtocols.Tls11, SslProtocols.Tls12, SslProtocols.Tls13];
#pragma warning restore CA5397, CA5398, SYSLIB0039, CS0618
        return versions.Skip(minimum).Aggregate((some, more) => some | more);
    }
}
