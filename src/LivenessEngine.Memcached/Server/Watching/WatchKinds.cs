namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>What is logged for watchers, as memcached divides it.</summary>
[Flags]
internal enum WatchKinds : ushort
{
    None = 0,

    /// <summary>fetchers: every time that an item is looked for, by a store too.</summary>
    Fetchers = 1,

    /// <summary>mutations: every store, whether it succeeds or not.</summary>
    Mutations = 2,

    /// <summary>evictions: items that live and go to make room.</summary>
    Evictions = 4,

    /// <summary>connevents: clients that come and go.</summary>
    Connections = 8,

    /// <summary>deletions: items that a client deletes.</summary>
    Deletions = 16,

    /// <summary>rawcmds, sysevents, proxyreqs, proxyevents and proxyuser: may be asked for, and nothing comes (as from a memcached without a proxy).</summary>
    Silent = 32,
}
