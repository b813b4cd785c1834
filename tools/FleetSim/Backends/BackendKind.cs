namespace LivenessEngine.Tools.FleetSim.Backends;

/// <summary>Where heartbeats go.</summary>
internal enum BackendKind
{
    /// <summary>A database as Nova uses it: one UPDATE for each heartbeat.</summary>
    NovaDb,

    /// <summary>A database by our driver, which writes many in one statement.</summary>
    Db,

    /// <summary>An external memcached.</summary>
    Memcached,

    /// <summary>Our daemon.</summary>
    Liveness,

    /// <summary>Our engine inside this process.</summary>
    Embedded,
}
