namespace LivenessEngine.Tools.FleetSim.Backends;

/// <summary>A place that takes heartbeats and is asked who is up.</summary>
internal interface IBackend : IAsyncDisposable
{
    /// <summary>Connections that nodes beat over; 0 where there are none.</summary>
    int Connections { get; }

    /// <summary>Starts what it needs; when it is done all nodes have just been seen.</summary>
    Task StartAsync();

    /// <summary>A node beats. By the thread of beats.</summary>
    void Beat(int node);

    /// <summary>A node dies: it beats no more. By the thread of beats.</summary>
    void Kill(int node)
    {
    }

    /// <summary>Where nodes beat by themselves: how many of the living are seen as often as they should be.</summary>
    int CountBeating() => 0;

    /// <summary>Sends what is to be sent, and hears what became of it, until a time. By the thread of beats.</summary>
    void Turn(TimeSpan until);

    /// <summary>Asks for all nodes once and judges them. By the reader's thread.</summary>
    void Ask();

    /// <summary>The CPU time that beats and questions have cost where they are kept.</summary>
    TimeSpan Cpu();

    /// <summary>The memory of all of its processes.</summary>
    long ResidentBytes();
}
