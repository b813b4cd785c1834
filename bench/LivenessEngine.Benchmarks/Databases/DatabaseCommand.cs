using System.CommandLine;
using System.Data.Common;
using LivenessEngine.Database;
using LivenessEngine.Database.Dialects;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Benchmarks.Databases;

/// <summary>database: each database in turn, started for it, with the durability that it has by itself.</summary>
internal static class DatabaseCommand
{
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        [DatabaseServer.Sqlite] = "SQLite",
        [DatabaseServer.PostgreSql] = "PostgreSQL",
        [DatabaseServer.MariaDb] = "MariaDB",
    };

    public static Command Create()
    {
        var only = new Option<string[]>("--only") { Description = "Which databases", DefaultValueFactory = _ => [.. Titles.Keys], AllowMultipleArgumentsPerToken = true };
        var members = new Option<int>("--members") { Description = "How many beat", DefaultValueFactory = _ => 10_000 };
        var seconds = new Option<double>("--seconds") { Description = "How long a turn lasts", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "How many turns each has", DefaultValueFactory = _ => 3 };
        var rows = new Option<int[]>("--rows") { Description = "Rows per statement, each in turns", DefaultValueFactory = _ => [500], AllowMultipleArgumentsPerToken = true };
        var file = new Option<string?>("--csv") { Description = "Adds the results to a file" };
        only.AcceptOnlyFromAmong([.. Titles.Keys]);
        var command = new Command("database", "Measure heartbeats into a database, coalesced and one by one.") { only, members, seconds, rounds, rows, file };
        command.SetAction(async (parsed, _) =>
        {
            Console.WriteLine(DatabaseRow.Header);
            foreach (string name in parsed.GetValue(only)!)
            {
                await using DatabaseServer server = await DatabaseServer.StartAsync(name, cpu: null);
                await CreateTableAsync(server);
                var bench = new DatabaseBench(
                    server.Url, Titles[name], server.Id, parsed.GetValue(members), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds));
                string[] lines = [.. (await bench.RunAsync(parsed.GetValue(rows)!)).Select(row => row.ToCsv())];
                Array.ForEach(lines, Console.WriteLine);
                if (parsed.GetValue(file) is { } path)
                {
                    await File.AppendAllLinesAsync(path, File.Exists(path) ? lines : [DatabaseRow.Header, .. lines], CancellationToken.None);
                }
            }
        });
        return command;
    }

    private static async Task CreateTableAsync(DatabaseServer server)
    {
        if (server.Schema is { } schema)
        {
            await using ISqlDialect dialect = SqlDialect.From(new DatabaseOptions { ConnectionUrl = server.Url }, TimeProvider.System);
            await using DbConnection connection = await dialect.OpenAsync(CancellationToken.None);
            await using DbCommand command = connection.CreateCommand();
            command.CommandText = schema;
            await command.ExecuteNonQueryAsync();
        }
    }
}
