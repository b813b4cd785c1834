using System.CommandLine;
using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Reporting;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Tools.FleetSim.CommandLine;

/// <summary>fleetsim run: one fleet on one backend.</summary>
internal static class RunCommand
{
    private static readonly Dictionary<string, BackendKind> Kinds = new(StringComparer.Ordinal)
    {
        ["nova-db"] = BackendKind.NovaDb,
        ["db"] = BackendKind.Db,
        ["memcached"] = BackendKind.Memcached,
        ["liveness"] = BackendKind.Liveness,
        ["embedded"] = BackendKind.Embedded,
    };

    public static Command Create(CommonOptions common)
    {
        var backend = new Option<string>("--backend") { Description = string.Join(", ", Kinds.Keys), Required = true };
        backend.AcceptOnlyFromAmong([.. Kinds.Keys]);
        var database = new Option<string>("--database") { Description = string.Join(", ", DatabaseServer.Names), DefaultValueFactory = _ => DatabaseServer.PostgreSql };
        var nodes = new Option<int>("--nodes") { Description = "How many", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<double?>("--seconds") { Description = "How long to measure (default: as long as the dead need to be found)" };
        Option<double> Time(string name, double value, string text) => new(name) { Description = text, DefaultValueFactory = _ => value };
        Option<double> interval = Time("--report-interval", 10, "Seconds from one heartbeat of a node to the next");
        Option<double> downTime = Time("--service-down-time", 60, "Seconds of silence after which a node is down");
        Option<double> jitter = Time("--jitter", 0.1, "How much later a heartbeat may come, as a share of the report interval");
        Option<double> dead = Time("--dead-share", 0.02, "How many of the nodes die, as a share");
        var ask = new Option<double?>("--ask-every") { Description = "Seconds from one question of the reader to the next (default: the report interval)" };
        var reports = new Option<EmbeddedReports>("--reports") { Description = "embedded: nodes beat by themselves (self), by handle or by name" };
        var seed = new Option<int>("--seed") { Description = "Chooses who beats when, and who dies", DefaultValueFactory = _ => 1 };
        var csv = new Option<bool>("--csv") { Description = "Print the row as CSV" };
        var command = new Command("run", "One fleet on one backend.") { backend, database, nodes, seconds, interval, downTime, jitter, dead, ask, reports, seed, csv };
        common.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            common.Pin(parsed);
            FleetRow row = await FleetRun.RunAsync(new FleetOptions
            {
                Backend = Kinds[parsed.GetValue(backend)!],
                Database = parsed.GetValue(database)!,
                Nodes = parsed.GetValue(nodes),
                Time = parsed.GetValue(seconds) is { } time ? TimeSpan.FromSeconds(time) : null,
                ReportInterval = TimeSpan.FromSeconds(parsed.GetValue(interval)),
                ServiceDownTime = TimeSpan.FromSeconds(parsed.GetValue(downTime)),
                Jitter = parsed.GetValue(jitter),
                DeadShare = parsed.GetValue(dead),
                AskEvery = parsed.GetValue(ask) is { } pause ? TimeSpan.FromSeconds(pause) : null,
                Reports = parsed.GetValue(reports),
                Seed = parsed.GetValue(seed),
                Connections = parsed.GetValue(common.Connections),
                Pool = parsed.GetValue(common.Pool),
                ServerCpu = parsed.GetValue(common.ServerCpu),
                Memcached = parsed.GetValue(common.Memcached)!,
                Liveness = parsed.GetValue(common.Liveness),
            });
            if (parsed.GetValue(csv))
            {
                Console.WriteLine(FleetRow.CsvHeader);
                Console.WriteLine(row.ToCsv());
            }
            else
            {
                FleetTable.Show([row]);
            }

            return 0;
        });
        return command;
    }
}
