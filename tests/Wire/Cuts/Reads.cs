using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Cuts;

/// <summary>Requests as reads of their own, one behind the other in the same memory, as a pipe has them.</summary>
/// <param name="split">The pieces of a step's request.</param>
internal sealed class Reads(Func<int, byte[], IEnumerable<byte[]>> split) : ICut
{
    public MemoryConnection Connection { get; } = new();

    /// <summary>All at once.</summary>
    public static Reads Whole() => new((_, request) => [request]);

    /// <summary>Byte by byte.</summary>
    public static Reads OfOneByte() => new((_, request) => request.Select(b => new[] { b }));

    /// <summary>One request in two pieces, all others whole.</summary>
    public static Reads InTwo(int step, int at) => new((i, request) => i == step ? Pieces.Two(request, at) : [request]);

    public int Deliver(int step, byte[] request)
    {
        foreach (byte[] piece in split(step, request))
        {
            Connection.Send(piece);
        }

        return request.Length;
    }

    public void End() => Connection.EndRequests();
}
