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
        (FleetOptions Options, Ladder Ladder)[] climbs = [.. plan.Backends.Select(backend => (backend.Options, new Ladder(backend.Sizes)))];
        foreach ((FleetOptions options, Ladder ladder) in climbs.Where(climb => !IsInstalled(climb.Options)))
        {
            ladder.Break($"{options.Database} is not installed");
        }

        // A size on each in turn: if time is over too soon, then for the largest only.
        while (Array.Exists(climbs, climb => climb.Ladder.Next is not null))
        {
            foreach ((FleetOptions options, Ladder ladder) in climbs)
            {
                await StepAsync(options, ladder);
            }
        }

        string[] order = [.. climbs.Select(climb => climb.Options.Name)];
        FleetRow[] sorted = [.. _rows.OrderBy(row => Array.IndexOf(order, row.Backend))];
        _rows.Clear();
        _rows.AddRange(sorted);
        _ends.AddRange(climbs.Where(climb => climb.Ladder.End is not null).Select(climb => (climb.Options.Name, climb.Ladder.End!)));
        foreach (FleetOptions options in plan.Millions)
        {
            if (await TryAsync(options) is { Row: { } row })
            {
                _millions.Add(row);
            }
        }
    }

    private static bool IsInstalled(FleetOptions options)
        => options.Backend is not (BackendKind.NovaDb or BackendKind.Db) || DatabaseServer.IsInstalled(options.Database);

    private async Task StepAsync(FleetOptions options, Ladder ladder)
    {
        if (ladder.Next is not { } nodes)
        {
            return;
        }

        if (Stopwatch.GetElapsedTime(_start) > limit)
        {
            ladder.Break(string.Create(CultureInfo.InvariantCulture, $"the time of {limit.TotalMinutes:0.#} minutes for all of this was over"));
            return;
        }

        (FleetRow? row, string? fault) = await TryAsync(options with { Nodes = nodes });
        if (row is null)
        {
            ladder.Break(fault!);
            return;
        }

        _rows.Add(row);
        ladder.Take(row);
        if (ladder.End is { } reason)
        {
            Console.WriteLine($"  {options.Name} goes no further: {reason}");
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

    private static void Tell(FleetRow row) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {row.Backend,-20} {row.Nodes,9:N0} nodes {row.AchievedPerSecond,9:N0} of {row.AskedPerSecond,9:N0} beats/s {100 * row.ServerCores,6:F1} % CPU  {FleetText.Percent(row.Outcome.FalselyDownShare),7} of live called dead"));
}
