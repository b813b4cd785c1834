namespace LivenessEngine.Memcached.Tests;

/// <summary>A thread of a test's own: whoever is kept busy in the pool's holds up what it is tested with.</summary>
internal static class OwnThread
{
    public static Task Run(Action action)
        => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
