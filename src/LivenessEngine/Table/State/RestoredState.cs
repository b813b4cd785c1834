using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>What a start has found in the state file.</summary>
internal sealed record RestoredState
{
    /// <summary>There is no state file, or nothing was in it.</summary>
    public static readonly RestoredState None = new();

    /// <summary>Whether there was a state to go on from; without it nobody's silence says anything yet.</summary>
    public bool HasState { get; init; }

    /// <summary>Items that a client may see again.</summary>
    public long Items { get; init; }

    public long Members { get; init; }

    /// <summary>Of those, the ones that are up at the start, as they were.</summary>
    public long MembersUp { get; init; }

    /// <summary>Items and members that were torn or damaged, and are gone.</summary>
    public long Dropped { get; init; }

    /// <summary>Items whose time was over.</summary>
    public long Expired { get; init; }

    /// <summary>Items and members that the table, now smaller, has no room for.</summary>
    public long DidNotFit { get; init; }

    /// <summary>For how long, by the wall clock, nobody was listening.</summary>
    public TimeSpan Downtime { get; init; }

    /// <summary>Where the liveness clock goes on: behind every reading of it that is in the table.</summary>
    public long Liveness { get; init; } = LivenessClock.Origin;

    /// <summary>Whether the last process stopped in order.</summary>
    public bool CleanStop { get; init; }

    /// <summary>How many starts the file has seen, this one included; 0 without a file.</summary>
    public long Starts { get; init; }

    /// <summary>Where a file went that could not be used; null if there was none.</summary>
    public string? SetAside { get; init; }

    /// <summary>How long it took to open the file.</summary>
    public TimeSpan Took { get; init; }
}
