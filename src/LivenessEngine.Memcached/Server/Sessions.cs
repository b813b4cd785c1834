using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Memcached.Server.Authentication;
using LivenessEngine.Memcached.Server.Binary;
using LivenessEngine.Memcached.Server.Text;

namespace LivenessEngine.Memcached.Server;

/// <summary>The protocols that the server speaks, and which of them a connection has begun to speak.</summary>
internal sealed class Sessions(ServerContext server)
{
    private readonly SpareSessions _text = new(() => new TextSession(server));
    private readonly SpareSessions _textHandshake = new(() => new HandshakeSession(server));
    private readonly SpareSessions _binary = new(() => new BinarySession(server));
    private readonly SpareSessions _binaryHandshake = new(() => new SaslSession(server));

    /// <summary>The sessions for a connection, by its first byte: no text request begins with that of the binary protocol.</summary>
    /// <param name="first">The first byte.</param>
    /// <param name="protocol">What it may speak.</param>
    /// <param name="isAuthenticated">Whether it has said who it is.</param>
    public SpareSessions For(byte first, MemcachedProtocol protocol, bool isAuthenticated)
    {
        bool isBinary = protocol == MemcachedProtocol.Binary || (protocol == MemcachedProtocol.Auto && first == BinaryParser.Magic);
        bool isStranger = server.Authentication is not null && !isAuthenticated;
        return isBinary
            ? isStranger ? _binaryHandshake : _binary
            : isStranger ? _textHandshake : _text;
    }

    /// <summary>The sessions for a connection that has said who it is.</summary>
    /// <param name="handshake">By which of them.</param>
    public SpareSessions After(SpareSessions handshake) => handshake == _binaryHandshake ? _binary : _text;
}
