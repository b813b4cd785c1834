using System.CommandLine;

namespace LivenessEngine.Benchmarks.Databases;

internal static class DatabaseCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "The database, as nova.conf names it", Required = true };
        var name = new Option<string>("--name") { Description = "What to call it", Required = true };
        var server = new Option<int>("--pid") { Description = "The server's process, for its CPU time; 0 for SQLite" };
        var members = new Option<int>("--members") { Description = "How many beat", DefaultValueFactory = _ => 10_000 };
        var seconds = new Option<double>("--seconds") { Description = "How long a turn lasts", DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { Description = "How many turns each has", DefaultValueFactory = _ => 3 };
        var rows = new Option<int[]>("--rows") { Description = "Rows per statement, each in turns", DefaultValueFactory = _ => [500], AllowMultipleArgumentsPerToken = true };
        var file = new Option<string?>("--csv") { Description = "Adds the results to a file" };
        var command = new Command("database", "Measure heartbeats into a database, coalesced and one by one.") { url, name, server, members, seconds, rounds, rows, file };
        command.SetAction(async (parsed, _) =>
        {
            var bench = new DatabaseBench(
                parsed.GetValue(url)!, parsed.GetValue(name)!, parsed.GetValue(server), parsed.GetValue(members), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds));
            string[] lines = [.. (await bench.RunAsync(parsed.GetValue(rows)!)).Select(row => row.ToCsv())];
            Console.WriteLine(DatabaseRow.Header);
            Array.ForEach(lines, Console.WriteLine);
            if (parsed.GetValue(file) is { } path)
            {
                await File.AppendAllLinesAsync(path, File.Exists(path) ? lines : [DatabaseRow.Header, .. lines], CancellationToken.None);
            }
        });
        return command;
    }
}
