namespace LivenessEngine.Wire.Cuts;

/// <summary>Where a request is cut.</summary>
internal static class Pieces
{
    private const int Small = 2000;
    private const int Edge = 24;
    private const int Samples = 12;

    /// <summary>Every place inside a request; of a large one both ends and some places between.</summary>
    public static IEnumerable<int> PlacesIn(int length)
        => length <= Small
            ? Enumerable.Range(1, Math.Max(length - 1, 0))
            : Enumerable.Range(1, Edge)
                .Concat(Enumerable.Range(1, Samples - 1).Select(i => (int)((long)length * i / Samples)))
                .Concat(Enumerable.Range(length - Edge, Edge));

    public static byte[][] Two(byte[] request, int at)
    {
        int end = Math.Min(at, request.Length);
        return [request[..end], request[end..]];
    }
}
