using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Transports.Tls;

/// <summary>A client by TLS.</summary>
internal sealed class TlsClient(SslStream stream) : IDisposable
{
    public X509Certificate? Server => stream.RemoteCertificate;

    /// <exception cref="IOException">The server refuses.</exception>
    public static async Task<TlsClient> ConnectAsync(EndPoint endPoint, X509Certificate2? certificate = null)
    {
        Socket socket = await ClientSocket.OpenAsync(endPoint);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
#pragma warning disable CA5359 // The test knows whom it talks to.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            ClientCertificates = certificate is null ? null : [certificate],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
        };
        try
        {
            await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
            return new TlsClient(stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>The reply up to that end, or up to the server's.</summary>
    public async Task<string> AskAsync(string request, string end = "\r\n")
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        var reply = new StringBuilder();
        byte[] buffer = new byte[64 << 10];
        int length;
        while (!reply.ToString().EndsWith(end, StringComparison.Ordinal)
            && (length = await Eventually.Of(stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask(), $"a reply to {request}")) > 0)
        {
            reply.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return reply.ToString();
    }

    public void Dispose() => stream.Dispose();
}
