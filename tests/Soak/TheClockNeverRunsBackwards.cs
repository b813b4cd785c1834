using LivenessEngine.Time;

namespace LivenessEngine.Soak;

/// <summary>No reading is lower than one that was taken before it, by whatever thread, though the ticker comes and goes.</summary>
public sealed class TheClockNeverRunsBackwards
{
    [Fact]
    public void Whoever_reads_it()
    {
        var clock = new LivenessClock(TimeProvider.System, TimeSpan.FromTicks(TimeSpan.TicksPerMillisecond / 20), TimeSpan.FromSeconds(60));
        long highest = 0;
        new SoakRun()
            .Repeat(1, random =>
            {
                clock.Tick();
                if (random.Next(50) == 0)
                {
                    // A gap: many times the interval.
                    Thread.Sleep(1);
                }
                else
                {
                    Thread.SpinWait(random.Next(300));
                }
            })
            .Repeat(5, _ =>
            {
                long before = Volatile.Read(ref highest);
                long read = clock.Read().Liveness;
                if (read < before)
                {
                    throw new InvalidOperationException($"{(before - read) / 10_000.0} ms backwards");
                }

                while (read > before)
                {
                    before = Interlocked.CompareExchange(ref highest, read, before) is var found && found == before ? read : found;
                }
            })
            .Run();
    }
}
