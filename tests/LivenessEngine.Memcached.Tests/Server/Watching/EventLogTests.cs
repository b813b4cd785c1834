using LivenessEngine.Memcached.Server;
using LivenessEngine.Memcached.Server.Watching;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Watching;

public sealed class EventLogTests
{
    [Fact]
    public async Task The_last_watcher_may_leave_while_others_log()
    {
        const int Writers = 2;
        const int Watchers = 500;
        var counters = new ServerCounters();
        var log = new EventLog(counters);
        using var over = new CancellationTokenSource();
        Task[] writers = [.. Enumerable.Range(0, Writers).Select(_ => OwnThread.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                log.Add(WatchKinds.Fetchers, log.NextId(), "a line\n"u8);
            }
        }))];
        Task watching = OwnThread.Run(() =>
        {
            for (int i = 0; i < Watchers; i++)
            {
                using LogWatcher? watcher = log.TryAdd(WatchKinds.Fetchers);
                Assert.NotNull(watcher);
                Thread.Yield();
            }
        });

        await Eventually.Done(Task.WhenAny([watching, .. writers]).Unwrap(), "watchers come and go, and those who log go on");
        await over.CancelAsync();
        await Eventually.Done(Task.WhenAll(writers), "those who log end");

        Assert.Equal(0, log.Watchers);
    }
}
