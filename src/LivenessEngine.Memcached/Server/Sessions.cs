namespace LivenessEngine.Memcached.Server;

/// <summary>The protocols that the server speaks, and which of them a connection has begun to speak.</summary>
internal sealed class Sessions(ServerContext server)
{
    // The first byte of every binary request; no text request begins with it.
    private const byte BinaryMagic = 0x80;

    private readonly SpareSessions _text = new(() => new TextSession(server));

    /// <summary>The sessions for a connection by its first byte; null for one that is to be closed.</summary>
    public SpareSessions? For(byte first, MemcachedProtocol protocol)
    {
        bool isBinary = protocol == MemcachedProtocol.Binary || (protocol == MemcachedProtocol.Auto && first == BinaryMagic);
        return isBinary ? null : _text;
    }
}
