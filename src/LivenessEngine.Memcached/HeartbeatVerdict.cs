namespace LivenessEngine.Memcached;

/// <summary>What a recognised heartbeat is to a client that reads it.</summary>
public enum HeartbeatVerdict
{
    /// <summary>
    /// Found exactly while its member is up, by the engine's clock: the reader's and the writer's decide nothing, nor does the
    /// exptime. Its time of creation reads as one ahead of now, so that no reader calls it too old.
    /// </summary>
    Authoritative = 0,

    /// <summary>An item like any other, as in memcached: whoever reads it judges it by its own clock.</summary>
    Passthrough = 1,
}
