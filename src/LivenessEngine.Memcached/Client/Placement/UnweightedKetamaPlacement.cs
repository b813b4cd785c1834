using System.Globalization;
using System.Text;

namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>
/// libmemcached's choice with MEMCACHED_BEHAVIOR_KETAMA alone: 100 points a server, each the hash of the names that
/// <see cref="KetamaPlacement"/> has, by the hash that libmemcached takes unless told otherwise: Jenkins' one-at-a-time.
/// </summary>
internal sealed class UnweightedKetamaPlacement(IReadOnlyList<ServerNode> servers) : IPlacement
{
    private const int PointsOfServer = 100;

    private readonly HashRing _ring = new(servers.SelectMany(
        (server, number) => Enumerable.Range(0, PointsOfServer).Select(i => (PointOf(KetamaPlacement.SpellingOf(server), i), number))));

    public int Place(ReadOnlySpan<byte> key, ReadOnlySpan<bool> living) => _ring.ServerAt(_ring.Find(OneAtATime(key)) % _ring.Count);

    private static uint PointOf(string name, int i)
        => OneAtATime(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")));

    private static uint OneAtATime(ReadOnlySpan<byte> data)
    {
        uint hash = 0;
        foreach (byte part in data)
        {
            hash += part;
            hash += hash << 10;
            hash ^= hash >> 6;
        }

        hash += hash << 3;
        hash ^= hash >> 11;
        return hash + (hash << 15);
    }
}
