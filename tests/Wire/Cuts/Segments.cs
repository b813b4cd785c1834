using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Cuts;

/// <summary>Requests in segments of memory that do not touch, as a pipe has them when a segment is full.</summary>
internal sealed class Segments : ICut
{
    private readonly ScriptedReader _reader = new();
    private readonly Func<int, byte[], IEnumerable<byte[]>> _split;
    private readonly bool _inOneRead;

    /// <param name="split">The segments of a step's request.</param>
    /// <param name="inOneRead">Whether they come at once or one by one.</param>
    private Segments(Func<int, byte[], IEnumerable<byte[]>> split, bool inOneRead)
    {
        _split = split;
        _inOneRead = inOneRead;
        Connection = new MemoryConnection(input: _reader);
    }

    public MemoryConnection Connection { get; }

    /// <summary>Byte by byte.</summary>
    public static Segments OfOneByte(bool inOneRead) => new((_, request) => request.Select(b => new[] { b }), inOneRead);

    /// <summary>One request in two pieces, all others whole.</summary>
    public static Segments InTwo(int step, int at, bool inOneRead)
        => new((i, request) => i == step ? Pieces.Two(request, at) : [request], inOneRead);

    public int Deliver(int step, byte[] request)
    {
        byte[][] segments = [.. _split(step, request)];
        if (_inOneRead)
        {
            _reader.Feed(segments);
        }
        else
        {
            foreach (byte[] segment in segments)
            {
                _reader.Feed(segment);
            }
        }

        return request.Length;
    }

    public void End() => _reader.End();
}
