using System.Collections.Concurrent;
using System.Diagnostics;

namespace LivenessEngine.Interop.Failover;

/// <summary>Follows the group and keeps, of each member, how often it came up and went down, and when it last went.</summary>
internal sealed class Watcher(ServiceGroup group, Crowd crowd)
{
    private readonly long[] _foundDown = new long[crowd.Names.Length];
    private readonly ConcurrentQueue<string> _falselyDown = new();
    private int _up;

    public string[] FalselyDown => [.. _falselyDown];

    /// <summary>How many are up by what was told.</summary>
    public int Up => Volatile.Read(ref _up);

    public long FoundDownAt(int member) => Volatile.Read(ref _foundDown[member]);

    /// <summary>Follows until the token is cancelled, from now on and not from when the task is run.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (MemberEvent told in group.Watch("compute", stop))
            {
                Assert.Equal(0, told.Missed);
                Take(told, crowd.NumberOf(told.Member));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The test has seen enough.
        }
    }

    private void Take(MemberEvent told, int member)
    {
        if (told is MemberUp)
        {
            Volatile.Write(ref _foundDown[member], 0);
            Interlocked.Increment(ref _up);
            return;
        }

        Interlocked.Decrement(ref _up);
        Volatile.Write(ref _foundDown[member], Stopwatch.GetTimestamp());

        // As the reader counts it: a member whose own heartbeats are too late is rightly down.
        if (!crowd.IsDead(member) && Stopwatch.GetElapsedTime(crowd.LastBeatOf(member)) <= group.ServiceDownTime)
        {
            _falselyDown.Enqueue($"{told}");
        }
    }
}
