using System.Globalization;
using BenchmarkDotNet.Reports;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>One benchmark's figure.</summary>
internal sealed record MicroRow(string Bench, string Method, string Parameters, double MeanNanoseconds, double StandardDeviation, double AllocatedBytes)
{
    public const string Header = "bench,method,parameters,mean_ns,stddev_ns,allocated_bytes";

    public static IEnumerable<MicroRow> From(Summary summary) => summary.Reports
        .Where(report => report.ResultStatistics is not null)
        .Select(report => new MicroRow(
            report.BenchmarkCase.Descriptor.Type.Name,
            report.BenchmarkCase.Descriptor.WorkloadMethod.Name,
            string.Join(' ', report.BenchmarkCase.Parameters.Items.Select(item => $"{item.Name}={item.Value}")),
            report.ResultStatistics!.Mean,
            report.ResultStatistics.StandardDeviation,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0));

    public static MicroRow Parse(string line)
    {
        string[] fields = line.Split(',');
        return new MicroRow(fields[0], fields[1], fields[2], Number(fields[3]), Number(fields[4]), Number(fields[5]));
    }

    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture, $"{Bench},{Method},{Parameters},{MeanNanoseconds:F3},{StandardDeviation:F3},{AllocatedBytes:F0}");

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
