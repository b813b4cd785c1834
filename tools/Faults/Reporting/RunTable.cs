using LivenessEngine.Tools.Faults.Scenarios;
using Spectre.Console;

namespace LivenessEngine.Tools.Faults.Reporting;

/// <summary>Results of runs, a row each, and what was wrong below.</summary>
internal static class RunTable
{
    public static void Show(IReadOnlyCollection<RunResult> results)
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumns(
            "fault", "program", "members", "false downs", "missed deaths", "detection p50 / max", "slowest reply", "refused", "uncounted", "lateness");
        foreach (RunResult result in results)
        {
            table.AddRow(
                Markup.Escape(result.Fault),
                result.Program,
                $"{result.Members}",
                result.Skipped is null ? Coloured(result.FalseDowns, "") : Markup.Escape(result.Skipped),
                Coloured(result.MissedDeaths, $" of {result.Deaths}"),
                ResultText.Detection(result),
                ResultText.Reply(result),
                $"{result.Refused}",
                result.Uncounted is { } uncounted ? $"{ResultText.Seconds(uncounted)} s" : "-",
                $"{ResultText.Milliseconds(result.Lateness)} ms");
        }

        Screen.Write(table);
        foreach (RunResult result in results.Where(result => !result.IsRight))
        {
            foreach (string example in result.Examples)
            {
                AnsiConsole.WriteLine($"{result.Fault}, {result.Program}: {example}");
            }
        }
    }

    private static string Coloured(int wrong, string rest) => wrong == 0 ? $"0{rest}" : $"[red]{wrong}[/]{rest}";
}
