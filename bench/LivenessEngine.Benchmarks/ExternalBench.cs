using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached;

namespace LivenessEngine.Benchmarks;

/// <summary>The driver mc on an external memcached: how long it takes to ask for a whole fleet, and to take its heartbeats there.</summary>
internal static class ExternalBench
{
    public static async Task<int> RunAsync(string commandLine, int members, int rounds)
    {
        int port = FreePort();
        using Process server = Start(commandLine, port);
        try
        {
            var options = new MemcachedOptions();
            options.Servers.Add($"127.0.0.1:{port}");
            await using ServiceGroup group = MemcachedServiceGroup.Create(options, new ServiceGroupOptions { Tick = TimeSpan.FromMilliseconds(1) });
            MemberName[] names = [.. Enumerable.Range(0, members).Select(i => new MemberName($"compute-{i}.example.org", "compute"))];
            await WaitForAsync(group);
            double beats = await MeasureAsync(rounds, async () => await Task.WhenAll(names.Select(name => group.HeartbeatAsync(name.Member, name.Group).AsTask())), "heartbeats of all, at once");
            double all = await MeasureAsync(
                rounds,
                async () =>
                {
                    IReadOnlyList<MemberStatus> statuses = await group.StatusAsync(names);
                    if (statuses.Any(status => status.State != MemberState.Up))
                    {
                        throw new InvalidOperationException("Not everybody is up.");
                    }
                },
                "one call for all");
            double each = await MeasureAsync(
                Math.Max(rounds / 10, 3),
                async () =>
                {
                    foreach (MemberName name in names)
                    {
                        await group.IsUpAsync(name.Member, name.Group);
                    }
                },
                "one call for each, in turn");
            Console.WriteLine($"{members} members: {members / all * 1000:N0} questions/s in one call ({each / all:F0}x one at a time), {members / beats * 1000:N0} heartbeats/s");
            return 0;
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    // The median, in milliseconds.
    private static async Task<double> MeasureAsync(int rounds, Func<Task> round, string what)
    {
        await round();
        var times = new double[rounds];
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        for (int i = 0; i < rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await round();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime - before;
        Array.Sort(times);
        double median = times[rounds / 2];
        Console.WriteLine($"{what,-28} median {median,8:F1} ms, least {times[0],8:F1}, most {times[^1],8:F1}; own processor time {processor.TotalMilliseconds / rounds:F1} ms");
        return median;
    }

    private static Process Start(string commandLine, int port)
    {
        string[] words = commandLine.Replace("{port}", port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal).Split(' ');
        string[] user = words[0] == "memcached" && Environment.UserName == "root" ? ["-u", "nobody"] : [];
        return Process.Start(new ProcessStartInfo(words[0], [.. words[1..], .. user])) ?? throw new InvalidOperationException($"'{commandLine}' did not start.");
    }

    private static async Task WaitForAsync(ServiceGroup group)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await group.IsUpAsync("nobody", "compute");
                return;
            }
            catch (HeartbeatStoreException) when (watch.Elapsed < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(50);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
