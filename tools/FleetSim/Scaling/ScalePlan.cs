using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Tools.FleetSim.Scaling;

/// <summary>Which backends are tried with which fleets, and with times scaled down by how much.</summary>
internal sealed record ScalePlan
{
    private static readonly int[] Sizes = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

    /// <summary>Of a run on each backend: no nodes yet.</summary>
    public required IReadOnlyList<(FleetOptions Options, IReadOnlyList<int> Sizes)> Backends { get; init; }

    /// <summary>The largest fleets, with Nova's own times.</summary>
    public IReadOnlyList<FleetOptions> Millions { get; init; } = [];

    /// <summary>Nova's report interval of 10 s and its service down time of 60 s, both ten times shorter.</summary>
    public static ScalePlan Full(FleetOptions common)
    {
        FleetOptions scaled = common with { ReportInterval = TimeSpan.FromSeconds(1), ServiceDownTime = TimeSpan.FromSeconds(6) };
        return new ScalePlan
        {
            Backends =
            [
                (scaled with { Backend = BackendKind.NovaDb, Database = DatabaseServer.PostgreSql }, Sizes[..^1]),
                (scaled with { Backend = BackendKind.NovaDb, Database = DatabaseServer.MariaDb }, Sizes[..^1]),
                (scaled with { Backend = BackendKind.Db, Database = DatabaseServer.PostgreSql }, Sizes[..^1]),
                (scaled with { Backend = BackendKind.Db, Database = DatabaseServer.MariaDb }, Sizes[..^1]),
                (scaled with { Backend = BackendKind.Memcached }, Sizes[..^1]),
                (scaled with { Backend = BackendKind.Liveness }, Sizes[..^1]),
                (scaled with { Backend = BackendKind.Embedded }, Sizes),
            ],

            // As they are for Nova. Nobody dies: that would take a minute more.
            Millions =
            [
                .. new[]
                {
                    common with { Backend = BackendKind.Memcached },
                    common with { Backend = BackendKind.Liveness },
                    common with { Backend = BackendKind.Embedded },
                    common with { Backend = BackendKind.Embedded, Reports = EmbeddedReports.Handle },
                }.Select(million => million with
                {
                    Nodes = Sizes[^1],
                    DeadShare = 0,
                    Time = TimeSpan.FromSeconds(20),
                }),
            ],
        };
    }

    /// <summary>A few points only, with still shorter times.</summary>
    public static ScalePlan Quick(FleetOptions common)
    {
        FleetOptions scaled = common with { ReportInterval = TimeSpan.FromSeconds(0.25), ServiceDownTime = TimeSpan.FromSeconds(1.5) };
        return new ScalePlan
        {
            Backends =
            [
                (scaled with { Backend = BackendKind.NovaDb }, [10_000]),
                (scaled with { Backend = BackendKind.Db }, [10_000]),
                (scaled with { Backend = BackendKind.Memcached }, [10_000]),
                (scaled with { Backend = BackendKind.Liveness }, [10_000]),
                (scaled with { Backend = BackendKind.Embedded }, [100_000]),
            ],
        };
    }
}
