using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Evaluation;

/// <summary>
/// When half of a group falls silent at once, then it is likelier that a switch has died, or the network between them and
/// this engine, than that all of them have. The verdict on those is held: they are suspects for one service down time more,
/// and what is silent even then is down.
/// </summary>
/// <remarks>
/// <para>At once: at some moment half have been silent for at least half of the service down time, so that they have missed
/// their reports. All who had at that moment are held when their time comes, however many of the others are back by then: of
/// a silence that is not quite as long as the service down time, the last to come back are due when most are back. When one
/// is due who fell silent later, it is asked anew: if half are silent then, the hold goes on and holds those too, and if
/// not, that one is down.</para>
/// <para>The price is that one who dies for good within such a silence is found a service down time later than otherwise.</para>
/// <para>The sweep's own, but for <see cref="TryRelease"/> and the counts. Counting reads the column of times once, as a
/// sweep does: sixteen times in a service down time, so that a silence may go unseen that is longer than half of it by less
/// than that, and when somebody is due of a group that is large enough.</para>
/// </remarks>
internal sealed unsafe class MassDownBrake(BrakeOptions options, MemberColumns columns, long serviceDownTime, SavedGroups? saved)
{
    private const int LooksPerDownTime = 16;

    // Written by the sweep, which publishes a longer array when it is filled; read by whoever releases.
    private GroupVerdicts[] _groups = [];
    private long _countedLateBefore = long.MinValue;
    private long _nextLook;

    // Where reports are rare, everybody may be silent for half of the service down time without having missed one.
    private readonly long _leastSilence = Math.Max(serviceDownTime / 2, 3 * options.ReportInterval.Ticks / 2);

    // The sweep writes these two, and each is right by itself for whoever reads it.
    private int _heldNow;
    private long _holds;

    // Interlocked: whoever releases adds.
    private long _releases;

    /// <summary>Groups in which somebody is a suspect at present. Read by anyone.</summary>
    public int HeldNow => Volatile.Read(ref _heldNow);

    /// <summary>How often a hold began in a group that had no suspects. Read by anyone.</summary>
    public long HoldCount => Volatile.Read(ref _holds);

    /// <summary>How often an operator has released one. Read by anyone.</summary>
    public long Releases => Volatile.Read(ref _releases);

    /// <summary>Before the first sweep: whether one that is up is of a silence that the last process held or would have held.</summary>
    public bool HeldAtStart(int group, long lastSeen, in Moment now)
        => options.IsOn && lastSeen < now.DownBefore && IsOfTheHold(Of(group), lastSeen, now);

    /// <summary>
    /// Before the first sweep, when the members have been counted: where half of a group was silent when the last process
    /// ended, those are held when their time comes. They come back one by one, and the last of them would be too few.
    /// </summary>
    public void BeginAt(in Moment now)
    {
        if (options.IsOn)
        {
            CountLate(LateBefore(now));
            foreach (GroupVerdicts group in _groups)
            {
                if (IsMassSilent(group))
                {
                    group.HeldBefore = LateBefore(now);
                }
            }
        }
    }

    public void BeginSweep(in Moment now)
    {
        _countedLateBefore = long.MinValue;
        if (options.IsOn && now.Liveness >= _nextLook)
        {
            _nextLook = now.Liveness + (serviceDownTime / LooksPerDownTime);
            Look(Math.Max(now.Liveness - _leastSilence, now.DownBefore), now.Liveness);
        }
    }

    public GroupVerdicts Of(int group)
    {
        if (group >= _groups.Length)
        {
            int known = _groups.Length;
            var groups = new GroupVerdicts[Math.Min(Math.Max(group + 1, 2 * known), GroupDirectory.Max)];
            _groups.CopyTo(groups, 0);
            for (int i = known; i < groups.Length; i++)
            {
                groups[i] = new GroupVerdicts(i, saved);
            }

            Volatile.Write(ref _groups, groups);
        }

        return _groups[group];
    }

    /// <summary>Whether the verdict on a member that is due is held.</summary>
    public bool Holds(GroupVerdicts group, long lastSeen, in Moment now)
    {
        if (!options.IsOn || lastSeen < group.ReleasedBefore)
        {
            return false;
        }

        if (IsOfTheHold(group, lastSeen, now))
        {
            CountHold(group, lastSeen);
            return true;
        }

        if (group.Up < options.Size)
        {
            return false;
        }

        CountLate(LateBefore(now));
        if (!IsMassSilent(group))
        {
            return false;
        }

        group.HeldBefore = LateBefore(now);
        CountHold(group, lastSeen);
        return true;
    }

    public void CountSuspect(GroupVerdicts group, int change)
    {
        bool wasHeld = group.Suspects > 0;
        group.Suspects += change;
        bool isHeld = group.Suspects > 0;
        if (isHeld != wasHeld)
        {
            Volatile.Write(ref _heldNow, _heldNow + (isHeld ? 1 : -1));
        }
    }

    /// <summary>
    /// Takes over how many are up and under suspicion in each group, at the start and when members have been moved between
    /// them. No hold begins by that.
    /// </summary>
    public void Recount(ReadOnlySpan<(int Up, int Suspects)> counts)
    {
        int held = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (i >= _groups.Length && counts[i].Up == 0)
            {
                continue;
            }

            GroupVerdicts group = Of(i);
            (group.Up, group.Suspects) = counts[i];
            held += group.Suspects > 0 ? 1 : 0;
        }

        Volatile.Write(ref _heldNow, held);
    }

    /// <summary>Ends the hold of all in a group who have been silent until now; false if it has no suspects. Called by any thread.</summary>
    public bool TryRelease(int group, long now)
    {
        GroupVerdicts[] groups = Volatile.Read(ref _groups);
        if (group < 0 || group >= groups.Length || groups[group].Suspects == 0)
        {
            return false;
        }

        groups[group].ReleasedBefore = now;
        Interlocked.Increment(ref _releases);
        return true;
    }

    // Never less than what makes one down: where the real-time limit decides, the two may be the same.
    private long LateBefore(in Moment now) => Math.Max(now.Liveness - (serviceDownTime / 2), now.DownBefore);

    // A hold whose time lies ahead is damaged: it came from a state file.
    private static bool IsOfTheHold(GroupVerdicts group, long lastSeen, in Moment now)
        => lastSeen < group.HeldBefore && group.HeldBefore <= now.Liveness;

    // Suspects are of a silence that is known, and of those beside them half may have fallen silent too.
    private void Look(long lateBefore, long now)
    {
        CountLate(lateBefore);
        foreach (GroupVerdicts group in _groups)
        {
            // Never back: where reports are rare, those who were due have taken it further.
            if (IsMassSilent(group, group.Suspects) && (lateBefore > group.HeldBefore || group.HeldBefore > now))
            {
                group.HeldBefore = lateBefore;
            }
        }
    }

    // While there are suspects it is the same hold that goes on, and for those of one silence who are due one after the other.
    private void CountHold(GroupVerdicts group, long lastSeen)
    {
        if (group.Suspects == 0 && lastSeen >= group.CountedBefore)
        {
            Volatile.Write(ref _holds, _holds + 1);
        }

        group.CountedBefore = group.HeldBefore;
    }

    private bool IsMassSilent(GroupVerdicts group, int otherThan = 0)
        => group.UpWhenCounted >= options.Size
            && group.Late > otherThan
            && group.Late - otherThan >= options.Share * (group.UpWhenCounted - otherThan);

    private void CountLate(long threshold)
    {
        if (threshold == _countedLateBefore)
        {
            return;
        }

        _countedLateBefore = threshold;
        foreach (GroupVerdicts group in _groups)
        {
            group.Late = 0;
            group.UpWhenCounted = group.Up;
        }

        int end = columns.End;
        for (int row = 0; row < end; row += RowScan.RowsPerWord)
        {
            ulong late = columns.UpColumn[row / RowScan.RowsPerWord] & ~RowScan.SeenSince(columns.LastSeenColumn + row, threshold);
            for (; late != 0; late &= late - 1)
            {
                int group = columns.Group(row + System.Numerics.BitOperations.TrailingZeroCount(late));
                if (group >= 0)
                {
                    Of(group).Late++;
                }
            }
        }
    }
}
