using System.Globalization;

namespace LivenessEngine.Benchmarks.Databases;

/// <summary>A line of databases.csv.</summary>
/// <param name="Database">Its name.</param>
/// <param name="RowsPerStatement">Heartbeats in one statement; 0 for one statement each.</param>
/// <param name="BeatsPerSecond">The median of the turns.</param>
/// <param name="CpuMicroseconds">The database's CPU time for one heartbeat, the median of the turns.</param>
internal sealed record DatabaseRow(string Database, int RowsPerStatement, double BeatsPerSecond, double CpuMicroseconds)
{
    public const string Header = "database,rows per statement,beats per second,CPU microseconds per beat";

    public static DatabaseRow Parse(string line)
    {
        string[] fields = line.Split(',');
        return new DatabaseRow(
            fields[0],
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            double.Parse(fields[2], CultureInfo.InvariantCulture),
            double.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    public string ToCsv()
        => string.Create(CultureInfo.InvariantCulture, $"{Database},{RowsPerStatement},{BeatsPerSecond:F0},{CpuMicroseconds:F2}");
}
