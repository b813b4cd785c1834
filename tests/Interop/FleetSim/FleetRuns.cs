using LivenessEngine.Testing;
using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Interop.FleetSim;

/// <summary>A small fleet on each backend, most at the same time; the tests look at what came of them.</summary>
public sealed class FleetRuns : IAsyncLifetime
{
    private readonly Dictionary<(BackendKind, string), Task<FleetRow>> _runs = [];

    public ValueTask InitializeAsync()
    {
        foreach ((BackendKind backend, string database) in Backends.Where(run => DatabaseServer.IsInstalled(run.Database)))
        {
            // The engine in this process counts only time in which the process ran at ease: it is not crowded by the others.
            Task before = backend == BackendKind.Embedded ? Task.WhenAll(_runs.Values) : Task.CompletedTask;
            _runs[(backend, database)] = Task.Run(() => RunAsync(backend, database, before), TestContext.Current.CancellationToken);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await ((Task)Task.WhenAll(_runs.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    internal static IReadOnlyList<(BackendKind Backend, string Database)> Backends { get; } =
    [
        (BackendKind.NovaDb, DatabaseServer.Sqlite), (BackendKind.NovaDb, DatabaseServer.PostgreSql), (BackendKind.NovaDb, DatabaseServer.MariaDb),
        (BackendKind.Db, DatabaseServer.PostgreSql), (BackendKind.Db, DatabaseServer.MariaDb),
        (BackendKind.Memcached, ""), (BackendKind.Liveness, ""), (BackendKind.Embedded, ""),
    ];

    /// <summary>Ends the test where the database is not installed.</summary>
    internal Task<FleetRow> OfAsync(BackendKind backend, string database)
    {
        if (!DatabaseServer.IsInstalled(database))
        {
            Installed.Missing($"{database} is not installed");
        }

        return _runs[(backend, database)];
    }

    // Times are long enough for a machine that stands still for a few seconds; and where databases write to the disk at each
    // commit, a slow one has time for 80 a second in each.
    private static async Task<FleetRow> RunAsync(BackendKind backend, string database, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FleetOptions options = new()
        {
            Backend = backend,
            Database = database.Length > 0 ? database : DatabaseServer.PostgreSql,
            Nodes = 40,
            DeadShare = 0.1,
            ReportInterval = TimeSpan.FromSeconds(0.5),
            ServiceDownTime = TimeSpan.FromSeconds(4),
            Connections = 20,
            Pool = 2,
            Memcached = backend == BackendKind.Memcached ? Installed.Find("memcached", "memcached") : "",
            Liveness = Repository.Daemon,
        };
        return await FleetRun.RunAsync(options with { Time = options.Shortest + TimeSpan.FromSeconds(4) });
    }
}
