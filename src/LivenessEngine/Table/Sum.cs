namespace LivenessEngine.Table;

/// <summary>What to add to a decimal value, on what condition, and what came of it.</summary>
internal struct Sum
{
    public ulong Delta;

    /// <summary>Down it stops at 0, up it wraps at 2^64.</summary>
    public bool Up;

    /// <summary>The version that the item must have, as clients see it; 0 for any.</summary>
    public ulong Expected;

    /// <summary>A new deadline.</summary>
    public long? Deadline;

    /// <summary>The version that clients are to see; null for a new one of the table's.</summary>
    public ulong? Version;

    /// <summary>The number as it has become.</summary>
    public ulong Value;

    /// <summary>The deadline that the item had.</summary>
    public long FormerDeadline;

    public void Apply(ulong present) => Value = Up ? present + Delta : present - Math.Min(present, Delta);
}
