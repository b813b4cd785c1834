namespace LivenessEngine.Table;

/// <summary>What is to become of an item that is out of date.</summary>
internal readonly struct Invalidation
{
    /// <summary>The version that it must have, as clients see it; null for any.</summary>
    public ulong? Expected { get; init; }

    /// <summary>Whether it is marked stale, and gets a new version by that; else only its value is taken away.</summary>
    public bool MarksStale { get; init; }

    /// <summary>Whether an item without a value, and with <see cref="Flags"/>, takes its place.</summary>
    public bool RemovesValue { get; init; }

    public uint Flags { get; init; }

    /// <summary>The key is binary; for the item without a value.</summary>
    public bool IsBinaryKey { get; init; }

    /// <summary>The version that clients are to see; null for a new one of the table's.</summary>
    public ulong? Version { get; init; }

    public bool SetsDeadline { get; init; }

    /// <summary>Meaningful with <see cref="SetsDeadline"/>. An item without a value has no deadline without it.</summary>
    public long Deadline { get; init; }
}
