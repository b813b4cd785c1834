using LivenessEngine.Table.State;

namespace LivenessEngine.Evaluation;

/// <summary>How a group stands. The sweep's own, but for what is said to be read or written by others.</summary>
internal sealed class GroupVerdicts(int number, SavedGroups? saved)
{
    private int _suspects;
    private long _heldBefore = saved?.HeldBefore(number) ?? 0;
    private long _releasedBefore = long.MinValue;

    /// <summary>How many are up, those under suspicion among them.</summary>
    public int Up { get; set; }

    /// <summary>How many are under suspicion. Read by anyone.</summary>
    public int Suspects
    {
        get => Volatile.Read(ref _suspects);
        set => Volatile.Write(ref _suspects, value);
    }

    /// <summary>
    /// Who was last seen before this went silent with the others, and is held when due; 0 until there was such a silence. It stays when
    /// the hold is over: who has come back was seen later. Outlives the process.
    /// </summary>
    public long HeldBefore
    {
        get => _heldBefore;
        set
        {
            _heldBefore = value;
            saved?.Hold(number, value);
        }
    }

    /// <summary>How far <see cref="HeldBefore"/> had come when a hold was counted last: whoever is held of that silence is of the same hold.</summary>
    public long CountedBefore { get; set; }

    /// <summary>Who was last seen before this is held no more: an operator said so. Written by anyone.</summary>
    public long ReleasedBefore
    {
        get => Volatile.Read(ref _releasedBefore);
        set => Volatile.Write(ref _releasedBefore, value);
    }

    /// <summary>As last counted: how many that are up have been silent for long.</summary>
    public int Late { get; set; }

    /// <summary>As last counted: how many were up then.</summary>
    public int UpWhenCounted { get; set; }
}
