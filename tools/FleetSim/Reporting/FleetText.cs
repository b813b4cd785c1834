using System.Globalization;
using LivenessEngine.Tools.FleetSim.Runs;

namespace LivenessEngine.Tools.FleetSim.Reporting;

/// <summary>Rows as people read them.</summary>
internal static class FleetText
{
    public static readonly string[] Header =
    [
        "backend", "nodes", "beats/s asked", "achieved", "server CPU %", "µs a beat", "load CPU %", "late beats", "late p99 ms", "taken p99 ms",
        "live called dead", "dead found", "found after s p50 / p99 / max", "MiB", "question ms",
    ];

    public static string[] Of(FleetRow row) =>
    [
        row.Backend, Whole(row.Nodes), Whole(row.AskedPerSecond), Whole(row.AchievedPerSecond), Tenths(100 * row.ServerCores), Hundredths(row.CpuMicrosecondsPerBeat),
        Tenths(100 * row.LoadCores), Percent(row.Late), Tenths(row.LateP99.TotalMilliseconds), Tenths(row.TakenAfterP99.TotalMilliseconds),
        (row.Outcome.FalselyDown == 0 ? "0" : $"{Whole(row.Outcome.FalselyDown)} ({Percent(row.Outcome.FalselyDownShare)})") + (row.IsSimulatorBehind ? " *" : ""),
        $"{Whole(row.Outcome.Found)} of {Whole(row.Outcome.Dead)}",
        row.Outcome.Found == 0 ? "-" : $"{Hundredths(row.Outcome.FoundAfter.P50.TotalSeconds)} / {Hundredths(row.Outcome.FoundAfter.P99.TotalSeconds)} / {Hundredths(row.Outcome.FoundAfter.Max.TotalSeconds)}",
        Whole(row.MemoryBytes / (double)(1 << 20)), Whole(row.QuestionTimes.P50.TotalMilliseconds),
    ];

    public static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Tenths(double value) => value.ToString("N1", CultureInfo.InvariantCulture);

    public static string Hundredths(double value) => value.ToString("N2", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share == 0 ? "0 %" : (100 * share).ToString(share < 0.001 ? "0.000" : "0.0", CultureInfo.InvariantCulture) + " %";
}
