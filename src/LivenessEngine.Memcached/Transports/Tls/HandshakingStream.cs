using System.Net.Security;
using System.Security.Authentication;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>What a client sends, once the handshake is done, which the first read does.</summary>
internal sealed class HandshakingStream(SslStream stream, TlsHandshakes handshakes, MemcachedTls kind) : Stream
{
    private bool _isDone;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _isDone ? stream.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // Not on the thread that accepts: the next client waits for it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(handshakes.Options.HandshakeTimeout);
        try
        {
            await stream.AuthenticateAsServerAsync(handshakes.For(kind), limit.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            handshakes.Count(isGood: false);
            throw new IOException($"TLS handshake: {fault.InnerException?.Message ?? fault.Message}", fault);
        }

        _isDone = true;
        handshakes.Count(isGood: true);
        return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }
}
