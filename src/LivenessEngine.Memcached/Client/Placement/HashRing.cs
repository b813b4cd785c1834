namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>Points of servers in order; a hash belongs to the first point that is not before it.</summary>
internal sealed class HashRing
{
    private readonly uint[] _points;
    private readonly int[] _servers;

    public HashRing(IEnumerable<(uint Point, int Server)> points)
    {
        // A stable sort: of two servers with one point the one that is listed first has it.
        (uint Point, int Server)[] sorted = [.. points.OrderBy(point => point.Point)];
        _points = Array.ConvertAll(sorted, point => point.Point);
        _servers = Array.ConvertAll(sorted, point => point.Server);
    }

    public int Count => _points.Length;

    /// <summary>The place of the first point that is not before the hash; the count of points if all are.</summary>
    public int Find(uint hash)
    {
        int found = _points.AsSpan().BinarySearch(hash);
        if (found < 0)
        {
            return ~found;
        }

        while (found > 0 && _points[found - 1] == hash)
        {
            found--;
        }

        return found;
    }

    public uint PointAt(int place) => _points[place];

    public int ServerAt(int place) => _servers[place];
}
