using LivenessEngine.Memcached.Server.Meta;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>A storage command whose data block is still coming.</summary>
internal struct PendingStore
{
    public NewItem Item;

    public StoreMode Mode;

    /// <summary>The version that cas expects.</summary>
    public ulong Cas;

    /// <summary>The group whose member the key names, -1 for an ordinary item.</summary>
    public int Group;

    /// <summary>The client's 32 bits.</summary>
    public uint Flags;

    /// <summary>Whether the value has to be looked at when it has come.</summary>
    public bool MayBeHeartbeat;

    public bool NoReply;

    /// <summary>Whether a failure takes away what was there.</summary>
    public bool DropsOnFailure;

    /// <summary>Whether it is a meta command, and what its reply is to name then.</summary>
    public bool IsMeta;

    public MetaEcho Echo;

    /// <summary>Whether the value is stored over a later version than expected, as a stale one.</summary>
    public bool TakesOlder;

    /// <summary>The size class, for the counters.</summary>
    public int SizeClass;
}
