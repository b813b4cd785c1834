using LivenessEngine.Memcached.Server.Authentication;

namespace LivenessEngine.Memcached.Server;

/// <summary>The protocols that the server speaks, and which of them a connection has begun to speak.</summary>
internal sealed class Sessions(ServerContext server)
{
    // The first byte of every binary request; no text request begins with it.
    private const byte BinaryMagic = 0x80;

    private readonly SpareSessions _text = new(() => new TextSession(server));
    private readonly SpareSessions _textHandshake = new(() => new HandshakeSession(server));

    /// <summary>The sessions for a connection by its first byte; null for one that is to be closed.</summary>
    /// <param name="first">The first byte.</param>
    /// <param name="protocol">What it may speak.</param>
    /// <param name="isAuthenticated">Whether it has said who it is.</param>
    public SpareSessions? For(byte first, MemcachedProtocol protocol, bool isAuthenticated)
    {
        if (server.Authentication is not null && !isAuthenticated)
        {
            // The text protocol only, whatever comes, as in memcached: -Y turns the binary one off.
            return _textHandshake;
        }

        bool isBinary = protocol == MemcachedProtocol.Binary || (protocol == MemcachedProtocol.Auto && first == BinaryMagic);
        return isBinary ? null : _text;
    }

    /// <summary>The sessions for a connection that has said who it is.</summary>
    /// <param name="handshake">By which of them.</param>
    public SpareSessions After(SpareSessions handshake) => _text;
}
