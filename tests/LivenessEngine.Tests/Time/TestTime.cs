namespace LivenessEngine.Tests.Time;

/// <summary>A source of time whose clocks are set apart from each other; its timers never fire.</summary>
internal sealed class TestTime(long timestampFrequency = TimeSpan.TicksPerSecond) : TimeProvider
{
    private long _timestamp = 12_345;

    public DateTimeOffset Utc { get; set; } = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Called once with the next timestamp taken, after it was taken: what happens while its reader is stopped.</summary>
    public Action? Meanwhile { get; set; }

    public override long TimestampFrequency => timestampFrequency;

    public void Advance(TimeSpan time)
    {
        _timestamp += (long)(time.TotalSeconds * timestampFrequency);
        Utc += time;
    }

    public override long GetTimestamp()
    {
        long taken = _timestamp;
        Action? meanwhile = Meanwhile;
        Meanwhile = null;
        meanwhile?.Invoke();
        return taken;
    }

    public override DateTimeOffset GetUtcNow() => Utc;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Still();

    private sealed class Still : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
