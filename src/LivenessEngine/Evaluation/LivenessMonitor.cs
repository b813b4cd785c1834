using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Evaluation;

/// <summary>
/// Finds out who has come up and who has gone down, by a sweep over the column of last-seen times, and tells the
/// subscribers: each transition once, in the order in which it was found.
/// </summary>
/// <remarks>
/// <see cref="Sweep"/> is called by one thread at a time, once a tick. It compares 64 rows at once with the threshold
/// and the answer with the verdicts of the last sweep, 64 bits in one word; only where they differ does it look at a
/// row for itself. A vector load may not be single, so what it shows is a suspicion: the row is read again with one
/// load and judged by <see cref="LivenessEvaluator"/> before anything is said.
/// </remarks>
internal sealed unsafe class LivenessMonitor
{
    private const int RowsPerWord = 64;

    // Those who leave are told before anybody comes up; where they never cease, it is not waited for ever.
    private const int DeparturesAwaited = 16;

    private readonly MemberDirectory _members;
    private readonly LivenessTable _table;
    private readonly ServiceRegister _register;
    private readonly LivenessClock _clock;
    private readonly long _serviceDownTime;

    private readonly ulong* _up;

    private EventStream[] _streams = [];
    private long _wentUp;
    private long _wentDown;

    public LivenessMonitor(LivenessTable table, ServiceRegister register, LivenessClock clock, TimeSpan serviceDownTime)
    {
        _table = table;
        _members = table.Members;
        _register = register;
        _clock = clock;
        _serviceDownTime = serviceDownTime.Ticks;
        _up = _members.Columns.UpColumn;
    }

    /// <summary>Transitions to up since the start.</summary>
    public long WentUp => Volatile.Read(ref _wentUp);

    /// <summary>Transitions to down since the start.</summary>
    public long WentDown => Volatile.Read(ref _wentDown);

    /// <summary>The verdict on a row at this moment.</summary>
    public MemberState StateOf(int row, in Moment now)
        => row == 0 ? MemberState.Unknown : LivenessEvaluator.Evaluate(_members.Columns.LastSeen(row), now.Liveness, _serviceDownTime);

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
        TakeDepartures(now);
        MemberColumns columns = _members.Columns;
        long threshold = now.Liveness - _serviceDownTime;
        int end = columns.End;
        for (int row = 0; row < end; row += RowsPerWord)
        {
            ulong fresh = Fresh(columns.LastSeenColumn + row, threshold);
            ulong changed = fresh ^ _up[row / RowsPerWord];
            if (changed != 0)
            {
                Judge(row, changed, now);
            }
        }
    }

    /// <summary>One bit for each of 64 rows: seen at the threshold or later.</summary>
    private static ulong Fresh(long* lastSeen, long threshold)
    {
        ulong fresh = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<long> limit = Vector512.Create(threshold);
            for (int i = 0; i < RowsPerWord; i += Vector512<long>.Count)
            {
                fresh |= Vector512.GreaterThanOrEqual(Vector512.LoadAligned(lastSeen + i), limit).ExtractMostSignificantBits() << i;
            }
        }
        else
        {
            Vector256<long> limit = Vector256.Create(threshold);
            for (int i = 0; i < RowsPerWord; i += Vector256<long>.Count)
            {
                ulong bits = Vector256.GreaterThanOrEqual(Vector256.LoadAligned(lastSeen + i), limit).ExtractMostSignificantBits();
                fresh |= bits << i;
            }
        }

        return fresh;
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
        ref ulong up = ref _up[row / RowsPerWord];
        ulong bit = 1UL << (row % RowsPerWord);
        bool isUp = StateOf(row, now) == MemberState.Up;
        if (isUp == ((up & bit) != 0) || _members.Columns.Group(row) < 0)
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

        if (isUp && _members.Columns.AnyLeaving)
        {
            return false;
        }

        // The group is read now that the row is this member's: before, another may have had it who never got into the index.
        up ^= bit;
        Raise(_members.Columns.Group(row), Encoding.UTF8.GetString(key), _members.Columns.LastSeen(row), isUp ? null : DownReason.Silence, now);
        return true;
    }

    private void TakeDepartures(in Moment now)
    {
        for (Departure? departure = _members.Columns.TakeDepartures(); departure != null; departure = departure.Next)
        {
            ref ulong up = ref _up[departure.Row / RowsPerWord];
            ulong bit = 1UL << (departure.Row % RowsPerWord);
            if ((up & bit) != 0)
            {
                up ^= bit;
                Raise(departure.Group, departure.Name, departure.LastSeen, DownReason.Left, now);
            }

            using EpochGuard guard = _table.Enter();
            _members.Retire(guard, departure.Row);
        }
    }

    /// <param name="group">The group's number.</param>
    /// <param name="key">The member's key, its name behind the group's.</param>
    /// <param name="lastSeen">On the liveness clock.</param>
    /// <param name="down">Why it went down, null if it came up.</param>
    /// <param name="now">Time of the sweep.</param>
    private void Raise(int group, string key, long lastSeen, DownReason? down, in Moment now)
    {
        if (down is null)
        {
            Volatile.Write(ref _wentUp, _wentUp + 1);
        }
        else
        {
            Volatile.Write(ref _wentDown, _wentDown + 1);
        }

        EventStream[] streams = Volatile.Read(ref _streams);
        MemberEvent? memberEvent = null;
        foreach (EventStream stream in streams)
        {
            if (stream.Group is null || stream.Group == group)
            {
                memberEvent ??= Describe(group, key, lastSeen, down, now);
                stream.Write(memberEvent);
            }
        }
    }

    private MemberEvent Describe(int group, string key, long lastSeen, DownReason? down, in Moment now)
    {
        (string member, string groupName) = _register.NameOf(key, group);
        DateTimeOffset at = _clock.ToUtc(now.Liveness);
        DateTimeOffset seen = _clock.ToUtc(lastSeen);
        return down is null ? new MemberUp(groupName, member, at, seen) : new MemberDown(groupName, member, at, seen, down.Value);
    }
}
