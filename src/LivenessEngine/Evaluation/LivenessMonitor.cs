using System.Numerics;
using System.Text;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Time;

namespace LivenessEngine.Evaluation;

/// <summary>
/// Finds out who has come up and who has gone down, by a sweep over the column of last-seen times, and tells the
/// subscribers: each transition once, in the order in which it was found.
/// </summary>
/// <remarks>
/// <para><see cref="Sweep"/> is called by one thread at a time, once a tick. It compares 64 rows at once with the threshold
/// and the answer with the verdicts of the last sweep, 64 bits in one word; only where they differ does it look at a
/// row for itself. A vector load may not be single, so what it shows is a suspicion: the row is read again with one
/// load before anything is said. Suspects are silent and up, at every sweep: they are compared with a threshold of their
/// own.</para>
/// <para>A member goes down by the sweep alone and comes up at once by a beat: whoever asks, on the wire or here, is told
/// what the events tell. But forced down is the operator's word and not silence: a value on the wire is found all the same.</para>
/// </remarks>
internal sealed unsafe class LivenessMonitor
{
    private const int RowsPerWord = RowScan.RowsPerWord;

    // Those who leave are told before anybody comes up; where they never cease, it is not waited for ever.
    private const int DeparturesAwaited = 16;

    private readonly MemberDirectory _members;
    private readonly MemberColumns _columns;
    private readonly LivenessTable _table;
    private readonly ServiceRegister _register;
    private readonly LivenessClock _clock;
    private readonly MassDownBrake _brake;
    private readonly ForcedDownRows _forced;
    private readonly RowVerdicts _verdicts;
    private readonly long _serviceDownTime;

    private EventStream[] _streams = [];
    private long _wentUp;
    private long _wentDown;
    private long _wentSuspect;
    private long _releasesSeen;

    public LivenessMonitor(
        LivenessTable table,
        ServiceRegister register,
        LivenessClock clock,
        TimeSpan serviceDownTime,
        BrakeOptions brake = default,
        SavedGroups? saved = null)
    {
        _table = table;
        _members = table.Members;
        _columns = _members.Columns;
        _register = register;
        _clock = clock;
        _serviceDownTime = serviceDownTime.Ticks;
        _brake = new MassDownBrake(brake, _columns, _serviceDownTime, saved);
        _forced = new ForcedDownRows(table, register);
        _verdicts = new RowVerdicts(_columns, _brake, clock.Read());
    }

    /// <summary>Transitions to up since the start.</summary>
    public long WentUp => Volatile.Read(ref _wentUp);

    /// <summary>Transitions to down since the start.</summary>
    public long WentDown => Volatile.Read(ref _wentDown);

    /// <summary>Transitions to suspect since the start.</summary>
    public long WentSuspect => Volatile.Read(ref _wentSuspect);

    public TransitionHistory History { get; } = new();

    /// <summary>Its counts are for anyone.</summary>
    public MassDownBrake Brake => _brake;

    /// <summary>The verdict on a row at this moment.</summary>
    public MemberState StateOf(int row, in Moment now)
    {
        long lastSeen = _columns.LastSeen(row);
        return row == 0 ? MemberState.Unknown
            : _forced.Bits[row] ? MemberState.Down
            : lastSeen == 0 ? MemberState.Unknown
            : IsInTime(lastSeen, now) ? MemberState.Up
            : lastSeen <= now.Liveness && _verdicts[row] is (MemberState.Up or MemberState.Suspect) and MemberState held ? held
            : MemberState.Down;
    }

    /// <summary>
    /// Declares the suspects of a group at the next sweep, and holds nobody in it any more who has been silent since before
    /// now. False if nobody is held there. Called by any thread.
    /// </summary>
    public bool Release(int group) => _brake.TryRelease(group, _clock.Read().Liveness);

    /// <summary>The transitions from now on, of one group or of all.</summary>
    /// <param name="group">The group's number, or null for all.</param>
    /// <param name="capacity">How many events are kept for a subscriber that does not read.</param>
    public EventStream Subscribe(int? group, int capacity)
    {
        var stream = new EventStream(group, capacity);
        ImmutableArraySwap.Add(ref _streams, stream);
        return stream;
    }

    public void Unsubscribe(EventStream stream)
    {
        ImmutableArraySwap.Remove(ref _streams, stream);
        stream.Complete();
    }

    /// <summary>No more events will come.</summary>
    public void Complete()
    {
        foreach (EventStream stream in Interlocked.Exchange(ref _streams, []))
        {
            stream.Complete();
        }
    }

    /// <summary>Judges every member and raises what has changed since the last sweep.</summary>
    public void Sweep(in Moment now)
    {
        _verdicts.Begin();
        TakeDepartures(now);
        _forced.Follow();
        _brake.BeginSweep(now);
        long releases = _brake.Releases;
        bool released = releases != _releasesSeen;
        _releasesSeen = releases;
        bool anySpecial = _verdicts.Suspects.Count + _forced.Bits.Count > 0;
        long threshold = now.DownBefore;
        long* lastSeen = _columns.LastSeenColumn;
        ulong* up = _columns.UpColumn;
        int end = _columns.End;
        for (int row = 0; row < end; row += RowsPerWord)
        {
            ulong fresh = RowScan.SeenSince(lastSeen + row, threshold);
            ulong changed = fresh ^ up[row / RowsPerWord];
            if (anySpecial)
            {
                changed = WithoutTheHeld(row, fresh, released);
            }

            if (changed != 0)
            {
                Judge(row, changed, now);
            }
        }
    }

    // Of 64 rows those that are to be looked at, where some are forced down or held.
    private ulong WithoutTheHeld(int firstRow, ulong fresh, bool released)
    {
        ulong forced = _forced.Bits.Word(firstRow);
        ulong suspects = _verdicts.Suspects.Word(firstRow);
        ulong changed = ((fresh & ~forced) ^ _columns.UpColumn[firstRow / RowsPerWord]) & ~suspects;
        if (suspects != 0)
        {
            ulong patience = released ? 0 : RowScan.SeenSince(_columns.LastSeenColumn + firstRow, _clock.DeclareBefore);
            changed |= suspects & (fresh | forced | ~patience);
        }

        return changed;
    }

    private void Judge(int firstRow, ulong changed, in Moment now)
    {
        for (; changed != 0; changed &= changed - 1)
        {
            int row = firstRow + BitOperations.TrailingZeroCount(changed);
            for (int i = 0; i < DeparturesAwaited && !TryJudge(row, now); i++)
            {
                // If somebody is about to leave even after the last, the next sweep knows.
                TakeDepartures(now);
            }
        }
    }

    /// <summary>
    /// False for a member that has come up while somebody was leaving: it may have left from another row and come back,
    /// and then its departure has to be told first.
    /// </summary>
    private bool TryJudge(int row, in Moment now)
    {
        bool wasUp = _verdicts.IsUp(row);
        long lastSeen = _columns.LastSeen(row);
        bool isUp = !_forced.Bits[row] && IsInTime(lastSeen, now);
        if ((isUp == wasUp && !_verdicts.Suspects[row]) || _columns.Group(row) < 0)
        {
            return true;
        }

        using EpochGuard guard = _table.Enter();

        // Empty for a row whose member is not in the index yet, or no more: the next sweep knows.
        ReadOnlySpan<byte> key = _members.KeyOf(guard, row);
        if (key.IsEmpty)
        {
            return true;
        }

        if (isUp && !wasUp && _columns.AnyLeaving)
        {
            return false;
        }

        // The group is read now that the row is this member's: before, another may have had it who never got into the index.
        int group = _columns.Group(row);
        string name = Encoding.UTF8.GetString(key);
        MemberState from = _verdicts[row];
        (MemberState to, TransitionReason reason) = isUp ? (MemberState.Up, TransitionReason.Seen) : WhyDown(row, group, from, lastSeen, now);
        if (to != from && !(isUp && !wasUp && _forced.Claims(row, name, group)))
        {
            _verdicts.Set(row, group, from, to);
            Raise(group, name, lastSeen, (from, to, reason), now);
        }

        return true;
    }

    private (MemberState To, TransitionReason Reason) WhyDown(int row, int group, MemberState from, long lastSeen, in Moment now)
    {
        GroupVerdicts verdicts = _brake.Of(group);
        return _forced.Bits[row] ? (MemberState.Down, TransitionReason.ForcedDown)
            : from != MemberState.Suspect
                ? _brake.Holds(verdicts, lastSeen, now) ? (MemberState.Suspect, TransitionReason.Held) : (MemberState.Down, TransitionReason.Silence)
            : lastSeen < verdicts.ReleasedBefore ? (MemberState.Down, TransitionReason.Released)
            : lastSeen < _clock.DeclareBefore ? (MemberState.Down, TransitionReason.Silence)
            : (MemberState.Suspect, TransitionReason.Held);
    }

    // As LivenessEvaluator has it: a time too far ahead is no better than one too long ago.
    private bool IsInTime(long lastSeen, in Moment now)
        => lastSeen >= now.DownBefore && lastSeen - now.Liveness <= _serviceDownTime;

    private void TakeDepartures(in Moment now)
    {
        for (Departure? departure = _columns.TakeDepartures(); departure != null; departure = departure.Next)
        {
            MemberState from = _verdicts[departure.Row];
            if (from is MemberState.Up or MemberState.Suspect)
            {
                // Not the group that it left from: it may have been moved since, and is counted where it is.
                int group = _columns.Group(departure.Row);
                _verdicts.Set(departure.Row, group, from, MemberState.Down);
                Raise(group, departure.Name, departure.LastSeen, (from, MemberState.Down, TransitionReason.Left), now);
            }

            _verdicts.Forget(departure.Row);
            _forced.Bits.Clear(departure.Row);
            using EpochGuard guard = _table.Enter();
            _members.Retire(guard, departure.Row);
        }
    }

    /// <param name="group">The group's number.</param>
    /// <param name="key">The member's key, its name behind the group's.</param>
    /// <param name="lastSeen">On the liveness clock.</param>
    /// <param name="change">What it was, what it is, and why.</param>
    /// <param name="now">Time of the sweep.</param>
    private void Raise(int group, string key, long lastSeen, (MemberState From, MemberState To, TransitionReason Reason) change, in Moment now)
    {
        ref long count = ref change.To == MemberState.Up ? ref _wentUp : ref change.To == MemberState.Down ? ref _wentDown : ref _wentSuspect;
        Volatile.Write(ref count, count + 1);
        long at = _clock.ToUtc(now.Liveness).ToUnixTimeMilliseconds();
        var transition = new Transition(now.Liveness, at, group, key, change.From, change.To, change.Reason, lastSeen);
        History.Add(transition);
        EventStream[] streams = Volatile.Read(ref _streams);
        MemberEvent? memberEvent = null;
        foreach (EventStream stream in streams)
        {
            if (stream.Group is null || stream.Group == group)
            {
                memberEvent ??= Describe(transition);
                stream.Write(memberEvent);
            }
        }
    }

    private MemberEvent Describe(in Transition transition)
    {
        (string member, string group) = _register.NameOf(transition.Key, transition.Group);
        DateTimeOffset at = _clock.ToUtc(transition.At);
        DateTimeOffset seen = _clock.ToUtc(transition.LastSeen);
        return transition.To switch
        {
            MemberState.Up => new MemberUp(group, member, at, seen),
            MemberState.Suspect => new MemberSuspect(group, member, at, seen),
            _ => new MemberDown(group, member, at, seen, ReasonOf(transition.Reason)),
        };
    }

    private static DownReason ReasonOf(TransitionReason reason) => reason switch
    {
        TransitionReason.Left => DownReason.Left,
        TransitionReason.ForcedDown => DownReason.ForcedDown,
        TransitionReason.Released => DownReason.Released,
        _ => DownReason.Silence,
    };
}
