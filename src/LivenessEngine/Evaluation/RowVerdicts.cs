using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;

namespace LivenessEngine.Evaluation;

/// <summary>What the last sweep said of each row. Written by the sweep alone; the verdicts are for anyone.</summary>
internal sealed unsafe class RowVerdicts(MemberColumns columns, MassDownBrake brake)
{
    private const int RowsPerWord = RowScan.RowsPerWord;

    // Those who were up at some time, and so are down where they are not up.
    private readonly SweepBits _known = new(columns.Capacity);

    private int _regroupings;
    private bool _begun;

    /// <summary>Those who are up, but held by the brake.</summary>
    public SweepBits Suspects { get; } = new(columns.Capacity);

    /// <summary>The verdict; unknown for a row that no sweep has found up yet.</summary>
    public MemberState this[int row]
        => !IsUp(row) ? (_known[row] ? MemberState.Down : MemberState.Unknown)
            : Suspects[row] ? MemberState.Suspect
            : MemberState.Up;

    /// <summary>Whether the member was up or suspect.</summary>
    public bool IsUp(int row) => (Volatile.Read(ref columns.UpColumn[row / RowsPerWord]) & (1UL << (row % RowsPerWord))) != 0;

    /// <summary>
    /// Before a sweep. Before the first, those who were up when the engine stopped are so until a sweep says otherwise; and
    /// the brake counts by the groups that the members are in now.
    /// </summary>
    public void Begin()
    {
        int regroupings = columns.Regroupings;
        if (!_begun || regroupings != _regroupings)
        {
            _begun = true;
            _regroupings = regroupings;
            Count();
        }
    }

    public void Set(int row, int group, MemberState from, MemberState to)
    {
        GroupVerdicts verdicts = brake.Of(group);
        if (to == MemberState.Suspect)
        {
            Suspects.Set(row);
            brake.CountSuspect(verdicts, 1);
        }
        else if (from == MemberState.Suspect)
        {
            Suspects.Clear(row);
            brake.CountSuspect(verdicts, -1);
        }

        bool isUp = to is MemberState.Up or MemberState.Suspect;
        if (isUp != IsUp(row))
        {
            ref ulong up = ref columns.UpColumn[row / RowsPerWord];
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
        int end = columns.End;
        for (int row = 1; row < end; row++)
        {
            if (IsUp(row) && columns.Group(row) is >= 0 and int group)
            {
                _known.Set(row);
                counts[group].Up++;
                counts[group].Suspects += Suspects[row] ? 1 : 0;
            }
        }

        brake.Recount(counts);
    }
}
