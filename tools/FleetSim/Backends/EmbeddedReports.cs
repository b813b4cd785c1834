namespace LivenessEngine.Tools.FleetSim.Backends;

/// <summary>How nodes beat on the engine inside this process.</summary>
internal enum EmbeddedReports
{
    /// <summary>By themselves, as those who joined do: the engine's tick makes their heartbeats.</summary>
    Self,

    /// <summary>Each by its handle, when the simulator says so.</summary>
    Handle,

    /// <summary>Each by its name, when the simulator says so.</summary>
    Name,
}
