using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using LivenessEngine.Database;
using LivenessEngine.Database.Dialects;
using LivenessEngine.Database.Services;
using LivenessEngine.Tools.Instruments;

namespace LivenessEngine.Benchmarks.Databases;

/// <summary>
/// Heartbeats of a fleet into Nova's table: coalesced, as the driver sends them, in turns with one UPDATE each, as Nova
/// does. Quotes heartbeats a second and the database's CPU time for each.
/// </summary>
internal sealed class DatabaseBench(string url, string name, int server, int members, TimeSpan turn, int rounds)
{
    private const int WarmUp = 5;

    private readonly MemberName[] _names = [.. Enumerable.Range(0, members).Select(i => new MemberName($"node{i:D6}", "compute"))];

    public async Task<IReadOnlyList<DatabaseRow>> RunAsync(IReadOnlyList<int> rowsPerStatement)
    {
        var results = new Dictionary<int, List<(double Rate, double Cpu)>>();
        for (int round = 0; round < rounds; round++)
        {
            // 0 for one by one.
            foreach (int rows in rowsPerStatement.Append(0))
            {
                var options = new DatabaseOptions { ConnectionUrl = url, RowsPerStatement = Math.Max(rows, 1), CommandTimeout = TimeSpan.FromSeconds(30) };
                await using var store = new ServicesTableStore(options, TimeProvider.System);
                if (round == 0 && results.Count == 0)
                {
                    await using var joining = new ServicesTableStore(new DatabaseOptions { ConnectionUrl = url, CommandTimeout = options.CommandTimeout }, TimeProvider.System);
                    await joining.JoinAsync(_names, CancellationToken.None);

                    // A table that has been written to for a while, as Nova's has.
                    for (int i = 0; i < WarmUp; i++)
                    {
                        await joining.BeatAsync(_names, CancellationToken.None);
                    }
                }

                (double, double) result = rows == 0
                    ? await MeasureAsync(OneByOneAsync(options))
                    : await MeasureAsync(Coalesced(store));
                (results.TryGetValue(rows, out List<(double, double)>? list) ? list : results[rows] = []).Add(result);
            }
        }

        return [.. results.Select(pair => new DatabaseRow(name, pair.Key, Median(pair.Value.Select(one => one.Rate)), Median(pair.Value.Select(one => one.Cpu))))];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private async IAsyncEnumerable<int> Coalesced(ServicesTableStore store)
    {
        while (true)
        {
            await store.BeatAsync(_names, CancellationToken.None);
            yield return _names.Length;
        }
    }

    // Over one connection, each a transaction of its own.
    private async IAsyncEnumerable<int> OneByOneAsync(DatabaseOptions options)
    {
        await using ISqlDialect dialect = SqlDialect.From(options, TimeProvider.System);
        await using DbConnection connection = await dialect.OpenAsync(CancellationToken.None);
        var ids = new List<long>();
        await using (DbCommand select = connection.CreateCommand())
        {
            select.CommandText = "SELECT id FROM services WHERE deleted = 0";
            await using DbDataReader reader = await select.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                ids.Add(Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture));
            }
        }

        for (int i = 0; ; i = (i + 1) % ids.Count)
        {
            await using DbCommand update = connection.CreateCommand();
            string now = dialect.Now(update);
            update.CommandText = string.Create(
                CultureInfo.InvariantCulture,
                $"UPDATE services SET report_count = report_count + 1, last_seen_up = {now}, updated_at = {now} WHERE id = {ids[i]} AND deleted = 0");
            await update.ExecuteNonQueryAsync();
            yield return 1;
        }
    }

    private async Task<(double Rate, double CpuMicroseconds)> MeasureAsync(IAsyncEnumerable<int> work)
    {
        long beats = 0;
        Stopwatch? watch = null;
        TimeSpan cpu = default;
        await foreach (int done in work)
        {
            if (watch is null)
            {
                // The first one warms up.
                cpu = Cpu();
                watch = Stopwatch.StartNew();
                continue;
            }

            beats += done;
            if (watch.Elapsed >= turn)
            {
                break;
            }
        }

        return (beats / watch!.Elapsed.TotalSeconds, (Cpu() - cpu).TotalMicroseconds / beats);
    }

    // SQLite works inside this process.
    private TimeSpan Cpu() => server == 0 ? Process.GetCurrentProcess().TotalProcessorTime : ProcessFamily.Cpu(server);
}
