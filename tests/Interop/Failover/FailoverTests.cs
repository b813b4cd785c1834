using System.Diagnostics;
using System.Net;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Failover;

/// <summary>
/// A memcached is killed and started again, empty, while 1,000 members beat, in ten processes' worth of service groups: no
/// living member is called down by who asks or who watches, and whoever dies meanwhile is found dead in time. One that
/// hangs does no harm either, but then everybody waits for it for a second before the database's turn comes.
/// </summary>
public sealed class FailoverTests
{
    private const int Members = 1000;
    private const int Processes = 10;

    private static readonly TimeSpan ServiceDownTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);
    // Nova's memcache_socket_timeout, as it is by itself.
    private static readonly TimeSpan SocketTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FoundWithin = ServiceDownTime + TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Over_a_SQLite_file()
    {
        using var folder = new TemporaryFolder();
        await CheckAsync(folder, $"sqlite:///{folder["nova.sqlite"]}", hangs: false);
    }

    [Fact]
    public async Task Over_a_SQLite_file_when_memcached_hangs()
    {
        using var folder = new TemporaryFolder();
        await CheckAsync(folder, $"sqlite:///{folder["nova.sqlite"]}", hangs: true);
    }

    [Fact]
    public async Task Over_MariaDB()
    {
        await using var server = new MariaDbServer();
        await server.BeginAsync();
        await server.CreateDatabaseAsync("nova", withTable: true);
        using var folder = new TemporaryFolder();
        await CheckAsync(folder, server.Url("nova"), hangs: false);
    }

    private static async Task CheckAsync(TemporaryFolder folder, string database, bool hangs)
    {
        await using StockMemcached memcached = await StockMemcached.StartAsync();
        await using var groups = new Groups(folder, memcached.Server, database, ServiceDownTime, ReportInterval);
        var crowd = new Crowd(Members);
        using var stop = new CancellationTokenSource();
        (ServiceGroup asking, ListLogger askingLog) = groups.Create();
        var reader = new Reader(asking, crowd);
        var watcher = new Watcher(asking, crowd);
        var pauses = new Pauses();
        Task watching = watcher.RunAsync(stop.Token);
        (ServiceGroup Group, ListLogger Log)[] beating = [.. Enumerable.Range(0, Processes).Select(_ => groups.Create(crowd))];
        Membership[] memberships = await JoinAsync(crowd, beating);
        await Eventually.True(() => watcher.Up == Members || watching.IsCompleted, "all are up");
        Task[] running = [watching, reader.RunAsync(stop.Token), pauses.RunAsync(stop.Token)];

        // Fifty die: some well before memcached does, some right before and right after; in the outage, and as it ends; and
        // when all is well again. Before the outage passes more than the service down time, so that nobody lives on by having
        // joined, and so it does in the outage, so that nobody lives on by what was written before.
        var script = new Script(crowd, memberships);
        await script.DieAsync(0, then: 4.5);
        await script.DieAsync(10, then: 2);
        await script.DieAsync(5, then: 0.05);
        await LoseAsync(memcached, hangs);
        await script.DieAsync(5, then: 3);
        await script.DieAsync(10, then: 3);
        await BringBackAsync(memcached, hangs);
        await script.DieAsync(5, then: 1.5);
        await script.DieAsync(15, then: FoundWithin.TotalSeconds + 1);
        await stop.CancelAsync();
        await Task.WhenAll(running);

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{reader.Questions} questions, the longest {reader.LongestQuestion.TotalMilliseconds:F0} ms; the oldest heartbeat of a living member "
            + $"{reader.OldestBeat.TotalSeconds:F2} s; {reader.Late} times one was rightly down; longest pause {pauses.Longest.TotalMilliseconds:F0} ms");
        Assert.Empty(reader.FalselyDown);
        Assert.Empty(watcher.FalselyDown);

        // Only a machine that stands still for that long may keep heartbeats back for longer: a round waits for the one
        // before it, and each waits once for a server that hangs.
        TimeSpan wait = hangs ? SocketTimeout : TimeSpan.Zero;
        TimeSpan slack = 2 * pauses.Longest;
        Assert.True(reader.OldestBeat < (ServiceDownTime / 2) + (2 * wait) + slack, $"a heartbeat was {reader.OldestBeat} old, with pauses of {pauses.Longest}");
        Assert.Equal(50, crowd.Dead.Length);
        AssertFound(crowd, reader.FoundDownAt, "asking", FoundWithin + wait + slack);
        AssertFound(crowd, watcher.FoundDownAt, "watching", FoundWithin + wait + slack);

        // Each tells once that memcached is lost and once that it is back, and nothing else.
        Assert.All(beating.Select(process => process.Log).Append(askingLog), log => Assert.Collection(
            log.Lines,
            line => Assert.StartsWith($"Error: Heartbeats do not reach memcached at {memcached.Server}: ", line, StringComparison.Ordinal),
            line => Assert.Equal($"Information: Heartbeats reach memcached at {memcached.Server} again.", line)));

        // All who live are in the memcached that is back; where it was killed, it came back empty.
        string stats = await RunningServer.AskAsync(IPEndPoint.Parse(memcached.Server), "stats\r\n", "END\r\n");
        int kept = int.Parse(stats.Split("STAT curr_items ")[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(kept, Members - crowd.Dead.Length, Members);
    }

    // A process's members do not all beat at one moment.
    private static async Task<Membership[]> JoinAsync(Crowd crowd, (ServiceGroup Group, ListLogger Log)[] beating)
    {
        var memberships = new Membership[Members];
        for (int i = 0; i < Members; i++)
        {
            memberships[i] = beating[i % Processes].Group.Join(crowd.Names[i].Member, crowd.Names[i].Group);
            if (i % (Members / 10) == 0)
            {
                await Task.Delay(ReportInterval / 10, TestContext.Current.CancellationToken);
            }
        }

        return memberships;
    }

    private static async Task LoseAsync(StockMemcached memcached, bool hangs)
    {
        if (hangs)
        {
            memcached.Hang();
        }
        else
        {
            await memcached.StopAsync();
        }
    }

    private static async Task BringBackAsync(StockMemcached memcached, bool hangs)
    {
        if (hangs)
        {
            memcached.GoOn();
        }
        else
        {
            await memcached.StartAgainAsync();
        }
    }

    private static void AssertFound(Crowd crowd, Func<int, long> foundDownAt, string by, TimeSpan limit)
    {
        TimeSpan[] took = [.. crowd.Dead.Select(member => foundDownAt(member) == 0
            ? TimeSpan.MaxValue
            : Stopwatch.GetElapsedTime(crowd.DeathOf(member), foundDownAt(member)))];
        TestContext.Current.TestOutputHelper!.WriteLine($"found by {by} after {took.Min().TotalSeconds:F2} to {took.Max().TotalSeconds:F2} s");
        Assert.All(took, time => Assert.True(time <= limit, $"found by {by} after {time} and not within {limit}"));
    }
}
