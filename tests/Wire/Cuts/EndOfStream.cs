using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Cuts;

/// <summary>The stream ends inside a request.</summary>
/// <param name="cutStep">In which.</param>
/// <param name="at">After how many bytes of it.</param>
internal sealed class EndOfStream(int cutStep, int at) : ICut
{
    public MemoryConnection Connection { get; } = new();

    public int Deliver(int step, byte[] request)
    {
        if (step != cutStep)
        {
            Connection.Send(request);
            return request.Length;
        }

        // A request that holds a number of the server's may be shorter this time.
        int length = Math.Min(at, request.Length - 1);
        Connection.Send(request.AsSpan(0, length));
        End();
        return length;
    }

    public void End() => Connection.EndRequests();
}
