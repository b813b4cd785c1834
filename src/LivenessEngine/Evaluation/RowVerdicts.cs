using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Evaluation;

/// <summary>What the last sweep said of each row. Written by the sweep alone; the verdicts are for anyone.</summary>
internal sealed unsafe class RowVerdicts
{
    private const int RowsPerWord = RowScan.RowsPerWord;

    private readonly MemberColumns _columns;
    private readonly MassDownBrake _brake;

    // Those who were up at some time, and so are down where they are not up.
    private readonly SweepBits _known;

    private int _regroupings;

    /// <summary>
    /// Those who were up when the engine stopped are so until a sweep says otherwise, those who were held are held, and whoever
    /// else it had seen is down.
    /// </summary>
    /// <param name="columns">As they were restored, before anybody can join.</param>
    /// <param name="brake">Counts those who are up.</param>
    /// <param name="now">When the engine starts.</param>
    public RowVerdicts(MemberColumns columns, MassDownBrake brake, in Moment now)
    {
        _columns = columns;
        _brake = brake;
        _known = new SweepBits(columns.Capacity);
        Suspects = new SweepBits(columns.Capacity);
        _regroupings = columns.Regroupings;
        int end = columns.End;
        for (int row = 1; row < end; row++)
        {
            int group = columns.Group(row);
            long lastSeen = columns.LastSeen(row);
            if (group >= 0 && (IsUp(row) || lastSeen != 0))
            {
                _known.Set(row);
                if (IsUp(row) && brake.HeldAtStart(group, lastSeen, now))
                {
                    Suspects.Set(row);
                }
            }
        }

        Count();
        brake.BeginAt(now);
    }

    /// <summary>Those who are up, but held by the brake.</summary>
    public SweepBits Suspects { get; }

    /// <summary>The verdict; unknown for a row that no sweep has found up yet.</summary>
    public MemberState this[int row]
        => !IsUp(row) ? (_known[row] ? MemberState.Down : MemberState.Unknown)
            : Suspects[row] ? MemberState.Suspect
            : MemberState.Up;

    /// <summary>Whether the member was up or suspect.</summary>
    public bool IsUp(int row) => (Volatile.Read(ref _columns.UpColumn[row / RowsPerWord]) & (1UL << (row % RowsPerWord))) != 0;

    /// <summary>Before a sweep: the brake counts by the groups that the members are in now.</summary>
    public void Begin()
    {
        int regroupings = _columns.Regroupings;
        if (regroupings != _regroupings)
        {
            _regroupings = regroupings;
            Count();
        }
    }

    public void Set(int row, int group, MemberState from, MemberState to)
    {
        GroupVerdicts verdicts = _brake.Of(group);
        if (to == MemberState.Suspect)
        {
            Suspects.Set(row);
            _brake.CountSuspect(verdicts, 1);
        }
        else if (from == MemberState.Suspect)
        {
            Suspects.Clear(row);
            _brake.CountSuspect(verdicts, -1);
        }

        bool isUp = to is MemberState.Up or MemberState.Suspect;
        if (isUp != IsUp(row))
        {
            ref ulong up = ref _columns.UpColumn[row / RowsPerWord];
            Volatile.Write(ref up, up ^ (1UL << (row % RowsPerWord)));
            verdicts.Up += isUp ? 1 : -1;
        }

        _known.Set(row);
    }

    /// <summary>The row is its member's no more.</summary>
    public void Forget(int row) => _known.Clear(row);

    private void Count()
    {
        var counts = new (int Up, int Suspects)[GroupDirectory.Max];
        int end = _columns.End;
        for (int row = 1; row < end; row++)
        {
            if (IsUp(row) && _columns.Group(row) is >= 0 and int group)
            {
                counts[group].Up++;
                counts[group].Suspects += Suspects[row] ? 1 : 0;
            }
        }

        _brake.Recount(counts);
    }
}
