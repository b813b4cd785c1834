using System.Globalization;
using HdrHistogram;

namespace LivenessEngine.Tools.Faults.Latency;

/// <summary>The time of a get in one part of a measurement.</summary>
internal sealed record LatencyRow(string Program, string Part, int Members, double BeatsPerSecond, LongHistogram Times, TimeSpan Lateness)
{
    public const string CsvHeader = "program,part,members,beats_per_second,gets,p50_us,p99_us,p999_us,max_us,harness_lateness_us";

    public double Microseconds(double percentile) => Times.GetValueAtPercentile(percentile) / 1000.0;

    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Program},{Part},{Members},{BeatsPerSecond:F0},{Times.TotalCount},{Microseconds(50):F0},{Microseconds(99):F0},{Microseconds(99.9):F0},{Microseconds(100):F0},{Lateness.TotalMicroseconds:F0}");
}
