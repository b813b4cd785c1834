using System.Globalization;

namespace LivenessEngine.Benchmarks;

/// <summary>A line of external.csv: the driver mc on a memcached outside the process.</summary>
/// <param name="What">What was done.</param>
/// <param name="Members">With so many members.</param>
/// <param name="Median">Milliseconds, of the rounds.</param>
/// <param name="Least">Milliseconds of the fastest round.</param>
/// <param name="Most">Milliseconds of the slowest round.</param>
/// <param name="OwnCpu">Milliseconds of this process's CPU time, a round.</param>
internal sealed record ExternalRow(string What, int Members, double Median, double Least, double Most, double OwnCpu)
{
    public const string Header = "what,members,median ms,least ms,most ms,own CPU ms";

    public static ExternalRow Parse(string line)
    {
        string[] fields = line.Split(',');
        double[] numbers = [.. fields[2..].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        return new ExternalRow(fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture), numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    public string ToCsv() => string.Create(CultureInfo.InvariantCulture, $"{What},{Members},{Median:F1},{Least:F1},{Most:F1},{OwnCpu:F1}");
}
