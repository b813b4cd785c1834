using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine;

/// <summary>How many members of each group are in each state. Counted in pieces, so that a million holds nobody up.</summary>
internal sealed class MemberTally
{
    private const int StatesInAll = (int)MemberState.Suspect + 1;

    private static readonly MemberState[] Shown = [MemberState.Up, MemberState.Suspect, MemberState.Down];

    private readonly IReadOnlyList<string> _groups;
    private readonly long[] _counts;
    private readonly Engine _engine;
    private int _row = 1;

    public MemberTally(Engine engine)
    {
        _engine = engine;
        _groups = engine.Groups.Names;
        _counts = new long[_groups.Count * StatesInAll];
    }

    /// <summary>The counts of the groups that were known when it was made; a state that nobody is in is 0.</summary>
    public IEnumerable<(string Group, MemberState State, long Count)> Counts
        => from @group in Enumerable.Range(0, _groups.Count)
           from state in Shown
           select (_groups[@group], state, Count(@group, state));

    /// <summary>Counts some more rows; false when that were the last.</summary>
    public bool TryAdvance(int rows, in Moment now)
    {
        MemberColumns columns = _engine.Table.Members.Columns;
        int end = (int)Math.Min(columns.End, (long)_row + rows);
        for (; _row < end; _row++)
        {
            int group = columns.Group(_row);
            if (group >= 0 && group < _groups.Count)
            {
                Count(group, _engine.Monitor.StateOf(_row, now))++;
            }
        }

        return _row < columns.End;
    }

    private ref long Count(int group, MemberState state) => ref _counts[(group * StatesInAll) + (int)state];
}
