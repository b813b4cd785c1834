using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Latency;

/// <summary>The time of a get while half of the members are added to the other half, and while all of them beat.</summary>
internal sealed class LatencyRun(LatencyOptions options, Nodes nodes)
{
    // Nova's own times: a service down time in which every member beats at the given rate.
    private static readonly Scale Scale = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));

    private const double AsFastAsItGoes = 1e9;

    /// <exception cref="InvalidDataException">A member was not stored, or not there.</exception>
    public async Task<IReadOnlyList<LatencyRow>> RunAsync()
    {
        var clock = new RunClock();
        var settings = new ServerSettings { Scale = Scale, Memory = 1024, Cpu = options.ServerCpu };
        await using var server = new Server(options.Program, settings, clock, new Outages());
        await server.StartAsync();
        using var beats = new BeatStream(nodes, server.EndPoint);
        int stored = 0;
        int half = options.Members / 2;
        await Task.Run(() => beats.Send(half, () => stored++, AsFastAsItGoes));

        LatencyRow growth = await MeasureAsync(
            "growth", server, clock, half, () => beats.Send(options.Members - half, () => stored++, (options.Members - half) / options.Time.TotalSeconds));
        var random = new Random(2);
        LatencyRow steady = await MeasureAsync(
            "all beat", server, clock, options.Members, () => beats.Send((int)(options.BeatsPerSecond * options.Time.TotalSeconds), () => random.Next(options.Members), options.BeatsPerSecond));
        return [growth, steady];
    }

    private async Task<LatencyRow> MeasureAsync(string part, Server server, RunClock clock, int known, Func<double> beat)
    {
        var random = new Random(1);
        using var lateness = new Lateness(clock);
        using var probe = new GetProbe(nodes, () => random.Next(known), server.EndPoint);
        using var stop = new CancellationTokenSource();
        Task<HdrHistogram.LongHistogram> probing = Task.Factory.StartNew(
            () => probe.Run(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        double rate = await Task.Factory.StartNew(beat, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await stop.CancelAsync();
        return new LatencyRow(options.Program.Name, part, options.Members, rate, await probing, lateness.Longest);
    }
}
