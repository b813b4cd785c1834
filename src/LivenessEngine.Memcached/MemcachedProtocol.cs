namespace LivenessEngine.Memcached;

/// <summary>Which of memcached's protocols a server speaks (memcached -B).</summary>
public enum MemcachedProtocol
{
    /// <summary>What a connection's first byte says: 0x80 begins the binary protocol, anything else the text protocol.</summary>
    Auto = 0,

    /// <summary>The text protocol, classic and meta.</summary>
    Ascii,

    /// <summary>The binary protocol. Whoever speaks another is cut off.</summary>
    Binary,
}
