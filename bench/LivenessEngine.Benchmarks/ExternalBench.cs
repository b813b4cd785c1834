using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached;

namespace LivenessEngine.Benchmarks;

/// <summary>The driver mc on an external memcached: how long it takes to ask for a whole fleet, and to take its heartbeats there.</summary>
internal static class ExternalBench
{
    public const string AllAtOnce = "one question for all";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(string commandLine, int members, int rounds, string? csv)
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
            ExternalRow beats = await MeasureAsync(members, rounds, async () => await Task.WhenAll(names.Select(name => group.HeartbeatAsync(name.Member, name.Group).AsTask())), "heartbeats of all at once");
            ExternalRow all = await MeasureAsync(
                members,
                rounds,
                async () =>
                {
                    IReadOnlyList<MemberStatus> statuses = await group.StatusAsync(names);
                    if (statuses.Any(status => status.State != MemberState.Up))
                    {
                        throw new InvalidOperationException("Not everybody is up.");
                    }
                },
                AllAtOnce);
            ExternalRow each = await MeasureAsync(
                members,
                Math.Max(rounds / 10, 3),
                async () =>
                {
                    foreach (MemberName name in names)
                    {
                        await group.IsUpAsync(name.Member, name.Group);
                    }
                },
                "one question for each in turn");
            if (csv is not null)
            {
                await File.WriteAllLinesAsync(csv, [ExternalRow.Header, beats.ToCsv(), all.ToCsv(), each.ToCsv()]);
            }

            return 0;
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<ExternalRow> MeasureAsync(int members, int rounds, Func<Task> round, string what)
    {
        // Until the runtime has compiled for good what is run again and again.
        for (var warmUp = Stopwatch.StartNew(); warmUp.Elapsed < WarmUp;)
        {
            await round();
        }

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
        var row = new ExternalRow(what, members, times[rounds / 2], times[0], times[^1], processor.TotalMilliseconds / rounds);
        Console.WriteLine($"{what,-30} median {row.Median,8:F1} ms, least {row.Least,8:F1}, most {row.Most,8:F1}; own CPU time {row.OwnCpu:F1} ms");
        return row;
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
