using System.Globalization;
using System.Text;
using LivenessEngine.Tools.Faults.Scenarios;
using LivenessEngine.Tools.Faults.Servers;
using Spectre.Console;

namespace LivenessEngine.Tools.Faults.Reporting;

/// <summary>Two servers under the same faults: a table for the terminal, one for people who read files, and the figures.</summary>
internal sealed class ComparisonReport(Comparison comparison, IReadOnlyList<Fault> faults, ServerProgram stock, ServerProgram ours)
{
    public void Show()
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumns([.. Header()]);
        foreach (string[] row in Rows())
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        Screen.Write(table);
    }

    /// <summary>Writes faults.csv and faults.md.</summary>
    public void Write(string folder, string command, string commit)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "faults.csv"), [ResultText.CsvHeader, .. comparison.All.Select(ResultText.Csv)]);
        var text = new StringBuilder();
        text.AppendLine("# Faults").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}`, commit {commit}, {DateTime.UtcNow:yyyy-MM-dd}, {Machine.Describe()}; {stock.Version()}.");
        text.AppendLine().AppendLine(Explanation).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Header())} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Enumerable.Repeat("---:|", Header().Count() - 1))}");
        foreach (string[] row in Rows())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |");
        }

        File.WriteAllText(Path.Combine(folder, "faults.md"), text.ToString());
    }

    private const string Explanation = """
        Members report every 0.5 s over TCP as Nova does, and are down after 3 s. Readers ask for all of them without pause and judge
        as dogpile.cache does. Some members die before, during and after each fault. A false down: a reader was told that a member is
        down which had reported in time (members, not answers). A missed death: a dead member was still up later than 3 s and two ticks
        after its last heartbeat; outages, time that the engine says it did not count, one service down time of the brake, and the
        measured lateness of this machine are allowed for. A question that finds no answer is no verdict. Detection counts from the
        last heartbeat, outages included. Replies are those of the time in which the server was not stopped.
        """;

    private IEnumerable<string> Header() =>
    [
        "fault", "members",
        $"{stock.Name}: false downs", "missed deaths",
        $"{ours.Name}: false downs", "missed deaths", "detection p50 / max", "slowest reply",
    ];

    private IEnumerable<string[]> Rows()
    {
        foreach (Fault fault in faults)
        {
            RunResult theirs = comparison.Of(fault, stock);
            RunResult mine = comparison.Of(fault, ours);
            yield return
            [
                fault.Name, $"{mine.Members}",
                FalseDowns(theirs), Missed(theirs),
                FalseDowns(mine), Missed(mine), ResultText.Detection(mine), ResultText.Reply(mine),
            ];
        }
    }

    private static string FalseDowns(RunResult result) => result.Skipped ?? $"{result.FalseDowns}";

    private static string Missed(RunResult result) => result.Skipped is null ? $"{result.MissedDeaths} of {result.Deaths}" : "-";
}
