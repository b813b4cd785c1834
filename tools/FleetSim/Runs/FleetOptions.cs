using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Fleets;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Tools.FleetSim.Runs;

/// <summary>One run.</summary>
internal sealed record FleetOptions
{
    /// <summary>How exactly beats are planned. One that goes out later than this is late.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public required BackendKind Backend { get; init; }

    /// <summary>Which database, for the backends that have one.</summary>
    public string Database { get; init; } = DatabaseServer.PostgreSql;

    public int Nodes { get; init; } = 1000;

    /// <summary>Nova's <c>report_interval</c>, and its default.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Nova's <c>service_down_time</c>, and its default.</summary>
    public TimeSpan ServiceDownTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>By how much a beat may be later than its interval says, as a share of that.</summary>
    public double Jitter { get; init; } = 0.1;

    /// <summary>How long is measured; null for as long as the dead need to be found.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How many of the nodes die.</summary>
    public double DeadShare { get; init; } = 0.02;

    /// <summary>From one question to the next; null for the report interval.</summary>
    public TimeSpan? AskEvery { get; init; }

    /// <summary>Sockets of the nodes; 0 for one each, as far as the machine allows.</summary>
    public int Connections { get; init; }

    /// <summary>Connections of Nova's conductors to the database.</summary>
    public int Pool { get; init; } = 16;

    /// <summary>Embedded: how nodes beat.</summary>
    public EmbeddedReports Reports { get; init; }

    /// <summary>Whether living nodes beat by themselves.</summary>
    public bool BeatsByItself => Backend == BackendKind.Embedded && Reports == EmbeddedReports.Self;

    /// <summary>The core that the server runs on; null for any.</summary>
    public string? ServerCpu { get; init; }

    public int Seed { get; init; } = 1;

    public string Memcached { get; init; } = "memcached";

    /// <summary>Our daemon; null for the one that was built beside this.</summary>
    public string? Liveness { get; init; }

    /// <summary>What it is called in tables.</summary>
    public string Name => Backend switch
    {
        BackendKind.NovaDb => $"nova-db {Database}",
        BackendKind.Db => $"db {Database}",
        BackendKind.Memcached => "memcached",
        BackendKind.Liveness => "liveness",
        _ when Reports == EmbeddedReports.Self => "embedded",
        _ => $"embedded by {(Reports == EmbeddedReports.Handle ? "handle" : "name")}",
    };

    /// <summary>How often readers ask.</summary>
    public TimeSpan Pause => AskEvery ?? ReportInterval;

    /// <summary>How long is measured.</summary>
    public TimeSpan Measured => Time ?? Shortest;

    /// <summary>What the dead need to be found by the last question: nobody may call them down before, and readers ask now and then.</summary>
    public TimeSpan Shortest => DeadShare > 0 ? Deaths.Last(ReportInterval) + ServiceDownTime + Pause + TimeSpan.FromSeconds(0.5) : 2 * ReportInterval;

    /// <exception cref="InvalidDataException">An option is not allowed; the message says which and why.</exception>
    public FleetOptions Validated()
    {
        Check(Nodes is >= 1 and <= 10_000_000, $"--nodes is {Nodes}; allowed is 1 to 10,000,000");
        Check(ReportInterval >= 2 * Tick, $"--report-interval is {ReportInterval.TotalSeconds} s; at least {2 * Tick.TotalSeconds} s is allowed");
        Check(ServiceDownTime > ReportInterval, $"--service-down-time is {ServiceDownTime.TotalSeconds} s, which is not more than the report interval");
        Check(Jitter is >= 0 and < 1, $"--jitter is {Jitter}; allowed is 0 up to 1, without 1");
        Check(DeadShare is >= 0 and < 0.5, $"--dead-share is {DeadShare}; allowed is 0 up to 0.5, without 0.5: beyond that our engine's brake is asked for");
        Check(Measured >= Shortest, $"--seconds is {Measured.TotalSeconds}; the dead need {Shortest.TotalSeconds} s to be found");
        Check(Pool is >= 1 and <= 90, $"--pool is {Pool}; allowed is 1 to 90");
        Check(DatabaseServer.Names.Contains(Database), $"--database is {Database}; allowed is {string.Join(", ", DatabaseServer.Names)}");
        return this;
    }

    private static void Check(bool isAllowed, string message)
    {
        if (!isAllowed)
        {
            throw new InvalidDataException(message);
        }
    }
}
