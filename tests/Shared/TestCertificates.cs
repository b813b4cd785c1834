using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LivenessEngine.Testing;

/// <summary>Certificates made for one test: a root, a server's and a client's by it, and files of them.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _root = Root("root");

    public TestCertificates()
    {
        File.WriteAllText(Authorities, _root.ExportCertificatePem());
        Renew("server");
        Client = Issue("client", out string key);
        File.WriteAllText(ClientChain, Client.ExportCertificatePem() + "\n" + key);
    }

    public string Chain => _folder["chain.pem"];

    public string Key => _folder["key.pem"];

    public string Authorities => _folder["ca.pem"];

    public X509Certificate2 Client { get; }

    /// <summary>The client's certificate and its key.</summary>
    public string ClientChain => _folder["client.pem"];

    /// <summary>Nobody's that the server trusts.</summary>
    public X509Certificate2 Stranger { get; } = Root("stranger");

    /// <summary>Gives the server another certificate.</summary>
    public void Renew(string name)
    {
        using X509Certificate2 server = Issue(name, out string key);
        File.WriteAllText(Chain, server.ExportCertificatePem() + "\n" + _root.ExportCertificatePem());
        File.WriteAllText(Key, key);
    }

    public void Dispose()
    {
        _root.Dispose();
        Client.Dispose();
        Stranger.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private X509Certificate2 Issue(string name, out string pem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 issued = request.Create(_root, _root.NotBefore, _root.NotAfter, RandomNumberGenerator.GetBytes(8));
        pem = key.ExportPkcs8PrivateKeyPem();
        return issued.CopyWithPrivateKey(key);
    }
}
