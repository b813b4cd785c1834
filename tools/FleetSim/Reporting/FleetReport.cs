using System.Globalization;
using System.Text;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.FleetSim.Scaling;

namespace LivenessEngine.Tools.FleetSim.Reporting;

/// <summary>What came of all backends: fleet.csv, and fleet.md for people.</summary>
internal sealed class FleetReport(ScaleRun scale)
{
    private const double AskedOfEmbedded = 5;

    /// <summary>Writes both.</summary>
    public void Write(string folder, string command, string commit)
    {
        Directory.CreateDirectory(folder);
        FleetRow[] all = [.. scale.Rows, .. scale.Millions];
        File.WriteAllLines(Path.Combine(folder, "fleet.csv"), [FleetRow.CsvHeader, .. all.Select(row => row.ToCsv())]);
        var text = new StringBuilder();
        text.AppendLine("# Fleets").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}`, commit {commit}, {DateTime.UtcNow:yyyy-MM-dd}, {Machine.Describe()}.").AppendLine();
        text.AppendLine(Explanation()).AppendLine();
        foreach (string finding in Findings())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {finding}");
        }

        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", FleetText.Header)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", FleetText.Header.Length - 1))}");
        foreach (FleetRow row in all)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", FleetText.Of(row))} |");
        }

        File.WriteAllText(Path.Combine(folder, "fleet.md"), text.ToString());
    }

    private string Explanation()
    {
        FleetRow? any = scale.Rows is [FleetRow first, ..] ? first : null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            Nodes report every {any?.ReportInterval.TotalSeconds:G} s and are down after {any?.ServiceDownTime.TotalSeconds:G} s (Nova: 10 s and 60 s; scaled down, so that as many
            nodes as many times more beat as often). A reader asks for all of them once an interval. *nova-db* writes one UPDATE
            for each heartbeat, over connections as conductors have them; *db* is our driver; *memcached* and *liveness* are
            spoken to over TCP, with several nodes a connection where there are more than connections; *embedded* is the engine
            in the simulator's own process, and its CPU time is that of the beats and of all the engine's own work. The server has
            one core and the simulator another: where the load's CPU is near 100 %, the simulator is what ends. A node is alive
            while it beats on time, whether the backend takes the beat or not. A beat is late if it goes out more than 10 ms
            after it is due; *taken* is from due to acknowledged. Questions are part of the server's CPU time. The dead are
            found the service down time after their last heartbeat at the earliest; times count from their death. In rows with
            a * the simulator itself came to heartbeats half an interval late, and what live nodes were called is not counted.
            """);
    }

    private IEnumerable<string> Findings()
    {
        foreach (IGrouping<string, FleetRow> rows in scale.Rows.GroupBy(row => row.Backend))
        {
            string held = rows.LastOrDefault(row => row.Achieves) is { } most
                ? $"takes all heartbeats of {FleetText.Whole(most.Nodes)} nodes ({FleetText.Whole(most.AchievedPerSecond)}/s, {FleetText.Tenths(100 * most.ServerCores)} % of a core)"
                : "falls short of the heartbeats at every size";
            string wrong = rows.FirstOrDefault(row => row.IsWrong) is { } first
                ? $"**calls live nodes dead from {FleetText.Whole(first.Nodes)} nodes** ({FleetText.Percent(first.Outcome.FalselyDownShare)} of them; {FleetText.Whole(first.AchievedPerSecond)} of {FleetText.Whole(first.AskedPerSecond)} heartbeats/s taken)"
                : $"calls no live node dead up to {FleetText.Whole(rows.Where(row => !row.IsSimulatorBehind).Select(row => row.Nodes).DefaultIfEmpty().Max())} nodes";
            yield return $"{rows.Key}: {held}; {wrong}.{Behind([.. rows])}";
        }

        foreach ((string backend, string reason) in scale.Ends)
        {
            yield return $"{backend} goes no further: {reason}.";
        }

        foreach (FleetRow million in scale.Millions)
        {
            double percent = 100 * million.ServerCores;
            string asked = million.Connections > 0 ? "" : $" (asked: under {AskedOfEmbedded:G} %: {(percent < AskedOfEmbedded ? "reached" : "**not reached**")})";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{million.Backend}, {million.Nodes:N0} members that beat every {million.ReportInterval.TotalSeconds:G} s: {percent:F2} % of one core{asked}, {FleetText.Percent(million.Outcome.FalselyDownShare)} of them called dead.");
        }
    }

    // Where it first falls short, and whose core was full then.
    private static string Behind(FleetRow[] rows) => Array.Find(rows, row => !row.Achieves) is { } behind
        ? string.Create(
            CultureInfo.InvariantCulture,
            $" With {behind.Nodes:N0} nodes it falls short: {behind.AchievedPerSecond:N0} of {behind.AskedPerSecond:N0}/s, its server at {100 * behind.ServerCores:F0} % of its core, the simulator at {100 * behind.LoadCores:F0} %.")
        : "";
}
