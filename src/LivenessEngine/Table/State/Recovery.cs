using System.Diagnostics;
using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>
/// Takes up what a state file holds, in place: what of it is the table's (<see cref="Selection"/>) stays where it is, and
/// everything that is kept in memory alone is made anew.
/// </summary>
/// <remarks>
/// Killed at any point, it can be done again: blocks are only given up when the others are linked, and a second look at what
/// is linked comes to the same.
/// </remarks>
internal static class Recovery
{
    /// <summary>More than were ever stored between two writings of the counter.</summary>
    private const ulong CasGap = 1 << 24;

    public static RestoredState Run(TableCore core, StateFile state, DateTimeOffset now)
    {
        long start = Stopwatch.GetTimestamp();
        StateImage source = state.Former ?? state.Image;
        RunningValues present = source.Running.Present;
        var moment = new Moment(present.Liveness, now.ToUnixTimeMilliseconds());
        var saved = new SavedBlocks(source);
        Selection selection = Selection.From(saved, Survey.Of(saved), moment);
        long didNotFit = 0;
        var seen = new SavedTimes(source, selection.Rows);
        if (state.Former is null)
        {
            new InPlace(core, saved, selection).Resume(seen);
        }
        else
        {
            didNotFit = new CarryOver(core, state, saved, selection, seen).Run(moment);
        }

        core.Resume(Math.Max(present.Cas, selection.NewestCas) + CasGap, present.FlushedCas, present.FlushedMembersCas);
        state.Image.Running.Started();
        bool hasState = present.Starts > 0 && present.UnixMilliseconds > 0;
        return Report(state, new RestoredState
        {
            HasState = hasState,
            Items = core.Counters.Sum(TableCounter.Items),
            Members = selection.Members,
            Dropped = selection.Dropped,
            Expired = selection.Expired,
            DidNotFit = didNotFit,
            Downtime = hasState ? TimeSpan.FromMilliseconds(Math.Max(moment.UnixMilliseconds - present.UnixMilliseconds, 0)) : TimeSpan.Zero,
            Liveness = seen.Liveness,
            CleanStop = present.IsClean != 0,
            Starts = present.Starts + 1,
            SetAside = state.SetAside,
            Took = Stopwatch.GetElapsedTime(start),
        });
    }

    private static RestoredState Report(StateFile state, RestoredState restored)
    {
        if (restored.Dropped > 0)
        {
            state.Warn($"{restored.Dropped} items or members in it were torn or damaged, and are dropped");
        }

        if (restored.DidNotFit > 0)
        {
            state.Warn($"{restored.DidNotFit} items or members in it have no room in the memory limit, and are dropped");
        }

        return restored;
    }
}
