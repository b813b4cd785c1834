namespace LivenessEngine.Time;

/// <summary>
/// The clock that verdicts run on: it counts only the time in which the engine was listening. A ticker advances it; when
/// the ticker itself comes late, because the process was stopped, the machine paused or the collector at work, then
/// heartbeats may be waiting unread, and what the gap has over <see cref="LongestStep"/> is not counted, for any member.
/// </summary>
/// <remarks>
/// <para>Steps of the wall clock do not touch it. It never runs backwards. Between ticks a reading is interpolated.</para>
/// <para><see cref="Tick"/> is called by one thread at a time; readings may be taken by any.</para>
/// </remarks>
internal sealed class LivenessClock
{
    /// <summary>Where the clock starts, in ticks of 100 ns: so far from 0 that 0 is always long ago.</summary>
    public const long Origin = 1L << 60;

    // Pauses whose length is remembered, for times before them. Of what lies before them all, the oldest is taken.
    private const int MostOffsets = 64;

    // Wall-clock time is given in milliseconds.
    private const long LeastDrift = TimeSpan.TicksPerMillisecond;

    private readonly TimeProvider _time;
    private readonly long _serviceDownTime;
    private readonly double _ticksPerUnit;
    private readonly long _startTimestamp;
    private readonly long _startUnixTicks;

    // Elapsed time of the last tick; the ticker's own.
    private long _lastTick;

    // Both written by the ticker, the offset first, and read by anyone, as Read explains.
    private long _offset;
    private long _ceiling;
    private long _uncounted;

    // What the offset was, from which reading of the clock on; the newest last. Replaced as a whole by the ticker.
    private (long From, long Offset)[] _offsets = [(long.MinValue, -Origin)];

    // Where Unix time stood when the elapsed time was 0, by the wall clock as it is now; the ticker's.
    private long _unixOrigin;

    /// <param name="time">The source of time; verdicts go by its timestamps alone.</param>
    /// <param name="tick">The interval at which <see cref="Tick"/> is meant to be called.</param>
    /// <param name="serviceDownTime">How long a member may be silent.</param>
    public LivenessClock(TimeProvider time, TimeSpan tick, TimeSpan serviceDownTime)
    {
        _time = time;
        _serviceDownTime = serviceDownTime.Ticks;
        _ticksPerUnit = (double)TimeSpan.TicksPerSecond / time.TimestampFrequency;
        _startTimestamp = time.GetTimestamp();
        _startUnixTicks = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        LongestStep = 2 * tick.Ticks;
        _unixOrigin = _startUnixTicks;
        _offset = -Origin;
        _ceiling = Origin + LongestStep;
    }

    /// <summary>The most that one step of the ticker counts, in ticks of 100 ns: twice the interval, for its jitter.</summary>
    public long LongestStep { get; }

    /// <summary>All the time that was not counted, in ticks of 100 ns.</summary>
    public long Uncounted => Volatile.Read(ref _uncounted);

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
                    DownBefore = liveness - _serviceDownTime,
                };
            }
        }
    }

    /// <summary>Advances the clock; returns the reading after it.</summary>
    public Moment Tick()
    {
        long elapsed = Elapsed();
        long excess = elapsed - _lastTick - LongestStep;
        _lastTick = elapsed;
        if (excess > 0)
        {
            RememberOffset(elapsed - _offset - excess, _offset + excess);
            Volatile.Write(ref _offset, _offset + excess);
            Volatile.Write(ref _uncounted, _uncounted + excess);
        }

        FollowWallClock(elapsed);
        Volatile.Write(ref _ceiling, elapsed - _offset + LongestStep);
        return Read();
    }

    /// <summary>
    /// When something that the liveness clock saw at a given reading happened, in Coordinated Universal Time: by the wall
    /// clock as it stands now, and with the time since then that was not counted. The same reading gives the same answer
    /// until somebody sets the wall clock.
    /// </summary>
    public DateTimeOffset ToUtc(long liveness)
    {
        (long From, long Offset)[] offsets = Volatile.Read(ref _offsets);
        int i = offsets.Length - 1;
        while (i > 0 && offsets[i].From >= liveness)
        {
            i--;
        }

        return DateTimeOffset.UnixEpoch.AddTicks(Volatile.Read(ref _unixOrigin) + liveness + offsets[i].Offset);
    }

    /// <summary>The wall clock at a reading, as it stands by now: steps included, unlike in what exptimes run on.</summary>
    public long ToWallClock(in Moment moment)
        => moment.UnixMilliseconds + ((Volatile.Read(ref _unixOrigin) - _startUnixTicks) / TimeSpan.TicksPerMillisecond);

    private void RememberOffset(long from, long offset)
    {
        ReadOnlySpan<(long, long)> known = _offsets;
        Volatile.Write(ref _offsets, [.. known[Math.Max(known.Length - MostOffsets + 1, 0)..], (from, offset)]);
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
