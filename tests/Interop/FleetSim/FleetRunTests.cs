using LivenessEngine.Testing;
using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Interop.FleetSim;

/// <summary>A small fleet on each backend: with so little to do each of them is right, however slow the machine.</summary>
public sealed class FleetRunTests
{
    public static TheoryData<string, string> Backends { get; } = new()
    {
        { nameof(BackendKind.NovaDb), DatabaseServer.Sqlite },
        { nameof(BackendKind.NovaDb), DatabaseServer.PostgreSql },
        { nameof(BackendKind.NovaDb), DatabaseServer.MariaDb },
        { nameof(BackendKind.Db), DatabaseServer.PostgreSql },
        { nameof(BackendKind.Db), DatabaseServer.MariaDb },
        { nameof(BackendKind.Memcached), "" },
        { nameof(BackendKind.Liveness), "" },
        { nameof(BackendKind.Embedded), "" },
    };

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task The_living_are_up_and_the_dead_are_found(string backend, string database)
    {
        BackendKind kind = Enum.Parse<BackendKind>(backend);
        if (!DatabaseServer.IsInstalled(database))
        {
            Installed.Missing($"{database} is not installed");
        }

        // Long enough for a machine that stands still for a few seconds.
        FleetOptions options = new()
        {
            Backend = kind,
            Database = database.Length > 0 ? database : DatabaseServer.PostgreSql,
            Nodes = 200,
            DeadShare = 0.1,
            ReportInterval = TimeSpan.FromSeconds(0.2),
            ServiceDownTime = TimeSpan.FromSeconds(4),
            Connections = 20,
            Memcached = kind == BackendKind.Memcached ? Installed.Find("memcached", "memcached") : "",
            Liveness = Repository.Daemon,
        };
        FleetRow row = await FleetRun.RunAsync(options with { Time = options.Shortest + TimeSpan.FromSeconds(1.5) });
        TestContext.Current.TestOutputHelper!.WriteLine(FleetRow.CsvHeader + "\n" + row.ToCsv());
        Assert.True(row.Outcome.FalselyDown == 0 || row.IsSimulatorBehind, "a live node was called dead");
        Assert.Equal((180, 20, 20), (row.Outcome.Live, row.Outcome.Dead, row.Outcome.Found));
        Assert.True(row.AchievedPerSecond > 0 && row.Questions > 0 && row.MemoryBytes > 0 && row.Failures == 0);
    }
}
