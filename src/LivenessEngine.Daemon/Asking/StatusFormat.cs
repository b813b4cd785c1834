namespace LivenessEngine.Daemon.Asking;

/// <summary>How the answer to "liveness status" is written.</summary>
internal enum StatusFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>A JSON array.</summary>
    Json,

    /// <summary>The columns of "openstack compute service list".</summary>
    Nova,
}
