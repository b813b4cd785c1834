using LivenessEngine.Benchmarks.Databases;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>The figures of the drivers whose heartbeats are kept outside the process.</summary>
internal sealed class DriverFigures(IReadOnlyList<ExternalRow> external, IReadOnlyList<DatabaseRow> databases)
{
    /// <summary>Those that were measured in this run.</summary>
    public IEnumerable<Figure> All()
    {
        foreach (ExternalRow row in external.Where(row => row.What == ExternalBench.AllAtOnce))
        {
            yield return new Figure($"mc on memcached: is up, {row.Members} members", 50, row.Median, "ms", AtMost: true);
        }

        foreach (IGrouping<string, DatabaseRow> rows in databases.GroupBy(row => row.Database))
        {
            DatabaseRow? each = rows.FirstOrDefault(row => row.RowsPerStatement == 0);
            if (rows.FirstOrDefault(row => row.RowsPerStatement > 0) is { } together)
            {
                double asked = rows.Key == "SQLite" ? 50_000 : 20_000;
                yield return new Figure($"db: heartbeats into {rows.Key}", asked, together.BeatsPerSecond, "/s", AtMost: false);
                if (each is not null)
                {
                    yield return new Figure(
                        $"db: CPU of one UPDATE each, to that of ours, {rows.Key}", 10, each.CpuMicroseconds / together.CpuMicroseconds, "x", AtMost: false);
                }
            }
        }
    }
}
