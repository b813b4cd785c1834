namespace LivenessEngine.Wire.Servers;

/// <summary>Whose answers a server gives.</summary>
internal enum Flavour
{
    Ours,

    /// <summary>memcached 1.6.45 or newer.</summary>
    Newer,

    /// <summary>memcached 1.6.18, of Debian 12.</summary>
    Older,

    /// <summary>A memcached between the two: it may answer like either.</summary>
    Between,
}
