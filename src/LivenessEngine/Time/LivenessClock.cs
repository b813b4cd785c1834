namespace LivenessEngine.Time;

/// <summary>
/// The clock that verdicts run on: it counts only the time in which the engine was listening. A ticker advances it; when
/// the ticker itself comes late, because the process was stopped, the machine paused or the collector at work, then
/// heartbeats may be waiting unread, and what the gap has over <see cref="LongestStep"/> is not counted, for any member.
/// Nor is time in which heartbeats are known not to come in (<see cref="Suspend"/>), or in which those by whom they come in
/// do not keep up (<see cref="IntakeWatch"/>). How long that may keep a silent member up is bounded:
/// <see cref="CreditLimit"/>.
/// </summary>
/// <remarks>
/// <para>Steps of the wall clock do not touch it. It never runs backwards. Between ticks a reading is interpolated.</para>
/// <para><see cref="Tick"/> is called by one thread at a time; readings may be taken by any.</para>
/// </remarks>
internal sealed class LivenessClock
{
    /// <summary>Where the clock starts for the first time, in ticks of 100 ns: so far from 0 that 0 is always long ago.</summary>
    public const long Origin = 1L << 60;

    // Pauses whose length is remembered, for times before them. Of what lies before them all, the oldest is taken.
    private const int MostOffsets = 64;

    private const int PiecesOfDownTime = 16;

    // Wall-clock time is given in milliseconds.
    private const long LeastDrift = TimeSpan.TicksPerMillisecond;

    private readonly TimeProvider _time;
    private readonly long _serviceDownTime;
    private readonly double _ticksPerUnit;
    private readonly long _startTimestamp;
    private readonly long _startUnixTicks;
    private readonly CreditLimit _limit;

    // Elapsed time of the last tick, whether the gap that it found is still going on, and whether it found the clock
    // suspended; the ticker's own.
    private long _lastTick;
    private bool _inGap;
    private bool _wasSuspended;

    // Both written by the ticker, the offset first, and read by anyone, as Read explains.
    private long _offset;
    private long _ceiling;

    // Written by the ticker, read by anyone; each by itself.
    private long _uncounted;
    private long _lastGap;
    private long _gaps;
    private long _downBefore;
    private long _declareBefore;

    // Counted up and down by whoever finds the engine deaf, read by the ticker.
    private int _suspensions;

    // What the offset was, from which reading of the clock on; the newest last. Replaced as a whole by the ticker.
    private (long From, long Offset)[] _offsets;

    // Where Unix time stood when the elapsed time was 0, by the wall clock as it is now; the ticker's.
    private long _unixOrigin;

    /// <param name="time">The source of time; verdicts go by its timestamps alone.</param>
    /// <param name="tick">The interval at which <see cref="Tick"/> is meant to be called.</param>
    /// <param name="serviceDownTime">How long a member may be silent.</param>
    /// <param name="origin">Where the clock starts, later than every reading of the process that it goes on from.</param>
    /// <param name="uncountedBefore">
    /// How long nobody was listening before the start to members that are known all the same: a gap that has just ended.
    /// </param>
    /// <param name="maxCredit">
    /// The most uncounted time in a row that keeps a silent member up (<see cref="CreditLimit"/>); null for twice the service
    /// down time.
    /// </param>
    /// <param name="creditBefore">What the process that this one goes on from knew of gaps; null if there was none.</param>
    public LivenessClock(
        TimeProvider time,
        TimeSpan tick,
        TimeSpan serviceDownTime,
        long origin = Origin,
        TimeSpan uncountedBefore = default,
        TimeSpan? maxCredit = null,
        SavedCredit? creditBefore = null)
    {
        _time = time;
        _serviceDownTime = serviceDownTime.Ticks;
        _ticksPerUnit = (double)TimeSpan.TicksPerSecond / time.TimestampFrequency;
        _startTimestamp = time.GetTimestamp();
        _startUnixTicks = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        LongestStep = 2 * tick.Ticks;
        _unixOrigin = _startUnixTicks;
        _offset = -origin - uncountedBefore.Ticks;
        _offsets = [(long.MinValue, _offset)];
        _limit = new CreditLimit((maxCredit ?? 2 * serviceDownTime).Ticks, _serviceDownTime);
        if (creditBefore is { } saved)
        {
            _offsets = OffsetsOf(saved, _offset);
            _limit.Resume(saved, uncountedBefore.Ticks);
        }

        if (uncountedBefore > TimeSpan.Zero)
        {
            Skip(origin - 1, uncountedBefore.Ticks, elapsed: 0);
        }

        _ceiling = origin + LongestStep;
        _downBefore = _limit.DownBefore;
        _declareBefore = Math.Max(origin - (2 * _serviceDownTime), _limit.DeclareBefore);
    }

    /// <summary>The most that one step of the ticker counts, in ticks of 100 ns: twice the interval, for its jitter.</summary>
    public long LongestStep { get; }

    /// <summary>All the time that was not counted, in ticks of 100 ns.</summary>
    public long Uncounted => Volatile.Read(ref _uncounted);

    /// <summary>The same, and what is in force of it.</summary>
    public Credits Credits
    {
        get
        {
            long inForce = Volatile.Read(ref _offset) - OffsetAt(Read().DownBefore);
            return new Credits(
                TimeSpan.FromTicks(Uncounted),
                TimeSpan.FromTicks(Volatile.Read(ref _lastGap)),
                Volatile.Read(ref _gaps),
                TimeSpan.FromTicks(Math.Max(inForce, 0)));
        }
    }

    /// <summary>
    /// Who was last seen before this has been silent for a service down time more than made it down: the second chance of
    /// those who are held back is over. As of the last tick.
    /// </summary>
    public long DeclareBefore => Volatile.Read(ref _declareBefore);

    /// <summary>Whether the engine is known not to hear everybody.</summary>
    public bool IsSuspended => Volatile.Read(ref _suspensions) > 0;

    /// <summary>
    /// From the next tick on nothing is counted, because heartbeats cannot come in: until <see cref="Resume"/> has been called
    /// as often. Thread-safe.
    /// </summary>
    public void Suspend() => Interlocked.Increment(ref _suspensions);

    public void Resume() => Interlocked.Decrement(ref _suspensions);

    /// <summary>Both clocks, from one reading of the time source.</summary>
    public Moment Read()
    {
        // The time is taken under one offset: were a gap to end between the two, a time from before it under the offset
        // from after it would read as the whole gap ago. A ceiling older than the offset is as far as the clock had come
        // when the offset changed; one newer than it, which would run ahead, cannot be seen.
        while (true)
        {
            long offset = Volatile.Read(ref _offset);
            long ceiling = Volatile.Read(ref _ceiling);
            long elapsed = Elapsed();
            if (Volatile.Read(ref _offset) == offset)
            {
                long liveness = Math.Min(elapsed - offset, ceiling);
                return new Moment(liveness, (_startUnixTicks + elapsed) / TimeSpan.TicksPerMillisecond)
                {
                    DownBefore = Math.Max(liveness - _serviceDownTime, Volatile.Read(ref _downBefore)),
                };
            }
        }
    }

    /// <summary>Advances the clock; returns the reading after it.</summary>
    public Moment Tick()
    {
        long elapsed = Elapsed();
        bool suspended = IsSuspended;

        // Readings stand still from the tick that finds the clock suspended to the one that does not any more: were that time
        // counted in the end, a beat of it would be older than it is. One unit is counted even then: a beat that is heard all
        // the same is told apart from those before it.
        bool stoodStill = suspended || _wasSuspended;
        long from = stoodStill ? _ceiling : _lastTick - _offset + LongestStep;
        long excess = elapsed - _offset - from - (stoodStill ? 1 : 0);
        (_lastTick, _wasSuspended) = (elapsed, suspended);
        if (excess > 0)
        {
            Skip(from, excess, elapsed);
        }

        _inGap = suspended && excess > 0;
        _limit.Advance(elapsed);
        FollowWallClock(elapsed);
        long liveness = elapsed - _offset;
        Volatile.Write(ref _downBefore, _limit.DownBefore);
        Volatile.Write(ref _declareBefore, Math.Max(liveness - (2 * _serviceDownTime), _limit.DeclareBefore));

        // Never lowered: somebody may have read as much.
        Volatile.Write(ref _ceiling, suspended ? Math.Max(_ceiling, liveness) : liveness + LongestStep);
        return Read();
    }

    /// <summary>What the next process is to know of gaps, as of the last tick; the ticker's.</summary>
    public SavedCredit SaveCredit() => _limit.Save(_lastTick);

    /// <summary>
    /// When something that the liveness clock saw at a given reading happened, in Coordinated Universal Time: by the wall
    /// clock as it stands now, and with the time since then that was not counted. The same reading gives the same answer
    /// until somebody sets the wall clock.
    /// </summary>
    public DateTimeOffset ToUtc(long liveness)
        => DateTimeOffset.UnixEpoch.AddTicks(Volatile.Read(ref _unixOrigin) + liveness + OffsetAt(liveness));

    /// <summary>The wall clock at a reading, as it stands by now: steps included, unlike in what exptimes run on.</summary>
    public long ToWallClock(in Moment moment)
        => moment.UnixMilliseconds + ((Volatile.Read(ref _unixOrigin) - _startUnixTicks) / TimeSpan.TicksPerMillisecond);

    // What the offset was before and after the gaps of an earlier process, if it was this at the end of that.
    private static (long From, long Offset)[] OffsetsOf(in SavedCredit saved, long last)
    {
        var offsets = new List<(long From, long Offset)>(SavedGaps.Capacity + 1);
        long from = long.MinValue;
        foreach (CreditGap gap in saved.Gaps)
        {
            if (gap != default)
            {
                offsets.Add((from, last - (saved.Uncounted - gap.Before)));
                from = gap.From;
            }
        }

        return [.. offsets, (from, last)];
    }

    private long OffsetAt(long liveness)
    {
        (long From, long Offset)[] offsets = Volatile.Read(ref _offsets);
        int i = offsets.Length - 1;
        while (i > 0 && offsets[i].From >= liveness)
        {
            i--;
        }

        return offsets[i].Offset;
    }

    // A gap has ended.
    private void Skip(long from, long excess, long elapsed)
    {
        RememberOffset(from, _offset + excess);
        Volatile.Write(ref _offset, _offset + excess);
        Volatile.Write(ref _uncounted, _uncounted + excess);
        Volatile.Write(ref _lastGap, _inGap ? _lastGap + excess : excess);
        Volatile.Write(ref _gaps, _gaps + (_inGap ? 0 : 1));
        _limit.Add(from, excess, elapsed);
    }

    // A gap that goes on for many ticks is kept in pieces of a share of the service down time, and not by the tick.
    private void RememberOffset(long from, long offset)
    {
        ReadOnlySpan<(long From, long Offset)> known = _offsets;
        bool goesOn = _inGap && known.Length > 1 && offset - known[^2].Offset < _serviceDownTime / PiecesOfDownTime;
        Volatile.Write(
            ref _offsets,
            goesOn ? [.. known[..^1], (known[^1].From, offset)] : [.. known[Math.Max(known.Length - MostOffsets + 1, 0)..], (from, offset)]);
    }

    // The wall clock runs a little faster or slower than ours, and is set now and then.
    private void FollowWallClock(long elapsed)
    {
        long origin = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks - elapsed;
        if (Math.Abs(origin - _unixOrigin) > LeastDrift)
        {
            Volatile.Write(ref _unixOrigin, origin);
        }
    }

    private long Elapsed() => (long)((_time.GetTimestamp() - _startTimestamp) * _ticksPerUnit);
}
