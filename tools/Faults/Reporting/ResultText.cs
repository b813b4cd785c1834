using System.Globalization;
using LivenessEngine.Tools.Faults.Scenarios;

namespace LivenessEngine.Tools.Faults.Reporting;

/// <summary>A result's figures as text.</summary>
internal static class ResultText
{
    public const string CsvHeader = "fault,program,members,false_downs,deaths,missed_deaths,answers,late_answers,"
        + "detection_p50_s,detection_p99_s,detection_max_s,counted_detection_max_s,slowest_reply_ms,unanswered,refused_connections,"
        + "refused_sets,uncounted_s,harness_lateness_ms,skipped";

    public static string Csv(RunResult result) => string.Join(',', (string[])
    [
        $"\"{result.Fault}\"", result.Program, Whole(result.Members), Whole(result.FalseDowns), Whole(result.Deaths), Whole(result.MissedDeaths),
        Whole(result.Answers), Whole(result.Late), Seconds(result.Detection.P50), Seconds(result.Detection.P99), Seconds(result.Detection.Max),
        Seconds(result.Counted.Max), Milliseconds(result.SlowestReply), Whole(result.Unanswered), Whole(result.Refused), Whole(result.Refusals),
        result.Uncounted is { } uncounted ? Seconds(uncounted) : "", Milliseconds(result.Lateness), result.Skipped ?? "",
    ]);

    /// <summary>False downs and missed deaths, each of how many.</summary>
    public static string Wrong(RunResult result) => result.Skipped is not null
        ? "skipped"
        : $"{Whole(result.FalseDowns)} / {Whole(result.MissedDeaths)}";

    /// <summary>Median and slowest detection.</summary>
    public static string Detection(RunResult result)
        => result.Detection.Max == TimeSpan.Zero ? "-" : $"{Seconds(result.Detection.P50)} / {Seconds(result.Detection.Max)} s";

    public static string Reply(RunResult result) => $"{Milliseconds(result.SlowestReply)} ms";

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture);

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
