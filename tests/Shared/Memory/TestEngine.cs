using LivenessEngine.Table;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Testing;

/// <summary>An engine whose time is the test's.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    // Liveness time counts only while the engine ticks, so time passes in steps that are no longer than its tick.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public TestEngine(TableOptions? table = null, TimeSpan? serviceDownTime = null)
    {
        Clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));
        Engine = new Engine(
            new EngineOptions { TimeProvider = Clock, Tick = Step, ServiceDownTime = serviceDownTime ?? TimeSpan.FromSeconds(60) },
            table ?? new TableOptions());
    }

    public FakeTimeProvider Clock { get; }

    public Engine Engine { get; }

    public long UnixSeconds => Clock.GetUtcNow().ToUnixTimeSeconds();

    public void Pass(TimeSpan time)
    {
        DateTimeOffset end = Clock.GetUtcNow() + time;
        while (Clock.GetUtcNow() < end)
        {
            TimeSpan left = end - Clock.GetUtcNow();
            Clock.Advance(left < Step ? left : Step);
        }
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
