using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Cuts;

/// <summary>How requests are cut into what the server reads.</summary>
internal interface ICut
{
    /// <summary>The connection for it, new.</summary>
    MemoryConnection Connection { get; }

    /// <summary>Delivers a request; returns how much of it: less than all when the stream ends inside it.</summary>
    int Deliver(int step, byte[] request);

    /// <summary>The client has no more to say.</summary>
    void End();
}
