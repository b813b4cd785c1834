using System.Globalization;
using LivenessEngine.Tools.FleetSim.Judging;

namespace LivenessEngine.Tools.FleetSim.Runs;

/// <summary>What one run came to: a line of fleet.csv.</summary>
internal sealed record FleetRow
{
    public const string CsvHeader = "backend,nodes,report_interval_s,service_down_time_s,measured_s,connections,asked_per_s,achieved_per_s,"
        + "server_cpu_s,server_cpu_percent,cpu_us_per_beat,load_cpu_percent,late_share,late_p99_ms,taken_after_p99_ms,live,falsely_down,"
        + "falsely_down_share,lag_p99_ms,dead,found,found_p50_s,found_p99_s,found_max_s,memory_mib,questions,question_p50_ms,question_max_ms,failures,excused";

    // What the schedule's grid and the two ends of the measured time may make of it.
    private const double Enough = 0.97;

    public required string Backend { get; init; }

    public required int Nodes { get; init; }

    public TimeSpan ReportInterval { get; init; }

    public TimeSpan ServiceDownTime { get; init; }

    public TimeSpan Measured { get; init; }

    public int Connections { get; init; }

    /// <summary>Heartbeats that were due.</summary>
    public double AskedPerSecond { get; init; }

    /// <summary>Heartbeats that the backend took.</summary>
    public double AchievedPerSecond { get; init; }

    public TimeSpan ServerCpu { get; init; }

    /// <summary>This program's own CPU time.</summary>
    public TimeSpan LoadCpu { get; init; }

    public double Late { get; init; }

    public TimeSpan LateP99 { get; init; }

    /// <summary>What of that is the simulator's own.</summary>
    public TimeSpan LagP99 { get; init; }

    public TimeSpan TakenAfterP99 { get; init; }

    public Outcome Outcome { get; init; }

    public long MemoryBytes { get; init; }

    public int Questions { get; init; }

    public Percentiles QuestionTimes { get; init; }

    public long Failures { get; init; }

    /// <summary>Whether the heartbeats that were asked for were taken, but for a few.</summary>
    public bool Achieves => AchievedPerSecond >= Enough * AskedPerSecond;

    /// <summary>Whether the simulator was itself too slow: what is said of the backend is then not the backend's doing alone.</summary>
    public bool IsSimulatorBehind => LagP99 > ReportInterval / 2;

    /// <summary>Whether it was the backend that called live nodes dead.</summary>
    public bool IsWrong => Outcome.FalselyDown > 0 && !IsSimulatorBehind;

    /// <summary>Of one core.</summary>
    public double ServerCores => ServerCpu / Measured;

    public double LoadCores => LoadCpu / Measured;

    public double CpuMicrosecondsPerBeat => ServerCpu.TotalMicroseconds / Math.Max(AchievedPerSecond * Measured.TotalSeconds, 1);

    public string ToCsv() => string.Join(',', (string[])
    [
        Backend, Text(Nodes), Text(ReportInterval.TotalSeconds), Text(ServiceDownTime.TotalSeconds), Text(Measured.TotalSeconds), Text(Connections),
        Text(AskedPerSecond), Text(AchievedPerSecond), Text(ServerCpu.TotalSeconds), Text(100 * ServerCores), Text(CpuMicrosecondsPerBeat), Text(100 * LoadCores),
        Text(Late), Text(LateP99.TotalMilliseconds), Text(TakenAfterP99.TotalMilliseconds), Text(Outcome.Live), Text(Outcome.FalselyDown),
        Text(Outcome.FalselyDownShare), Text(LagP99.TotalMilliseconds), Text(Outcome.Dead), Text(Outcome.Found), Text(Outcome.FoundAfter.P50.TotalSeconds),
        Text(Outcome.FoundAfter.P99.TotalSeconds), Text(Outcome.FoundAfter.Max.TotalSeconds), Text(MemoryBytes / (double)(1 << 20)), Text(Questions),
        Text(QuestionTimes.P50.TotalMilliseconds), Text(QuestionTimes.Max.TotalMilliseconds), Text(Failures), Text(Outcome.Excused),
    ]);

    private static string Text(double value) => Math.Round(value, 4).ToString(CultureInfo.InvariantCulture);
}
