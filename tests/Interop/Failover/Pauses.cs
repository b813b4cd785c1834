using System.Diagnostics;

namespace LivenessEngine.Interop.Failover;

/// <summary>How long this machine kept a task waiting that wanted to run: nothing here can be punctual by more than that.</summary>
internal sealed class Pauses
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public TimeSpan Longest { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            long begun = Stopwatch.GetTimestamp();
            await Task.Delay(Interval, CancellationToken.None);
            TimeSpan pause = Stopwatch.GetElapsedTime(begun) - Interval;
            Longest = pause > Longest ? pause : Longest;
        }
    }
}
