using System.Diagnostics;
using System.Globalization;
using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Reporting;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Tools.FleetSim.Scaling;

/// <summary>Goes up with the fleet on each backend in turn, and tells of each run as it comes.</summary>
internal sealed class ScaleRun(ScalePlan plan, TimeSpan limit)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<FleetRow> _rows = [];
    private readonly List<FleetRow> _millions = [];
    private readonly List<(string Backend, string Reason)> _ends = [];

    /// <summary>All runs, but for <see cref="Millions"/>.</summary>
    public IReadOnlyList<FleetRow> Rows => _rows;

    /// <summary>Which backends went no further than their last row, and why.</summary>
    public IReadOnlyList<(string Backend, string Reason)> Ends => _ends;

    /// <summary>The largest fleets, with Nova's own times.</summary>
    public IReadOnlyList<FleetRow> Millions => _millions;

    public async Task RunAsync()
    {
        foreach ((FleetOptions options, IReadOnlyList<int> sizes) in plan.Backends)
        {
            await ClimbAsync(options, sizes);
        }

        foreach (FleetOptions options in plan.Millions)
        {
            if (await TryAsync(options) is { Row: { } row })
            {
                _millions.Add(row);
            }
        }
    }

    // The row, or why there is none.
    private static async Task<(FleetRow? Row, string? Fault)> TryAsync(FleetOptions options)
    {
        try
        {
            FleetRow row = await FleetRun.RunAsync(options);
            Tell(row);
            return (row, null);
        }
        catch (Exception fault) when (fault is InvalidDataException or System.Net.Sockets.SocketException or System.ComponentModel.Win32Exception or System.Data.Common.DbException)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"with {options.Nodes:N0} nodes: {fault.Message}"));
        }
    }

    private async Task ClimbAsync(FleetOptions options, IReadOnlyList<int> sizes)
    {
        var ladder = new Ladder(sizes);
        if (options.Backend is BackendKind.NovaDb or BackendKind.Db && !DatabaseServer.IsInstalled(options.Database))
        {
            ladder.Break($"{options.Database} is not installed");
        }

        while (ladder.Next is { } nodes)
        {
            if (Stopwatch.GetElapsedTime(_start) > limit)
            {
                ladder.Break($"the time of {limit.TotalMinutes:F0} minutes for all of this was over");
                break;
            }

            (FleetRow? row, string? fault) = await TryAsync(options with { Nodes = nodes });
            if (row is null)
            {
                ladder.Break(fault!);
                break;
            }

            _rows.Add(row);
            ladder.Take(row);
        }

        if (ladder.End is { } reason)
        {
            _ends.Add((options.Name, reason));
            Console.WriteLine($"  {options.Name}: {reason}");
        }
    }

    private static void Tell(FleetRow row) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {row.Backend,-20} {row.Nodes,9:N0} nodes {row.AchievedPerSecond,9:N0} of {row.AskedPerSecond,9:N0} beats/s {100 * row.ServerCores,6:F1} % CPU  {FleetText.Percent(row.Outcome.FalselyDownShare),7} of live called dead"));
}
