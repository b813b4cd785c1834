using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>What the reply to an mg can tell of an item: what was there before the mg, but for the value's length.</summary>
internal struct MetaFacts
{
    public int ValueLength;
    public uint Flags;
    public ulong Version;
    public bool IsBinaryKey;
    public bool WasFetched;
    public long SecondsUnused;
    public long FormerDeadline;
    public ItemMarks FormerMarks;

    /// <summary>It is the client who is to renew it.</summary>
    public bool Won;

    /// <summary>It was made by this mg.</summary>
    public bool IsNew;

    /// <summary>The value is told: it was asked for, and the client does not have it already (C).</summary>
    public bool TellsValue;
}
