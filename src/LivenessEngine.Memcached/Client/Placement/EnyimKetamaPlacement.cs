using System.Globalization;
using System.Text;

namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>
/// The choice of EnyimMemcachedCore's KetamaNodeLocator: the points of <see cref="KetamaPlacement"/>, but always of
/// <c>host:port-i</c>; a hash before the first point belongs to the last one. If that server is dead, the number of the try
/// goes before the key and the hash is doubled, once for each server.
/// </summary>
internal sealed class EnyimKetamaPlacement : IPlacement
{
    private readonly HashRing _ring;

    public EnyimKetamaPlacement(IReadOnlyList<ServerNode> servers)
    {
        // Where two servers have one point Enyim keeps the one that is listed last.
        var points = new Dictionary<uint, int>();
        foreach ((uint point, int server) in servers.SelectMany((server, number) => KetamaPlacement.Points(server.Spelling, number)))
        {
            points[point] = server;
        }

        _ring = new HashRing(points.Select(point => (point.Key, point.Value)));
    }

    public int Place(ReadOnlySpan<byte> key, ReadOnlySpan<bool> living)
    {
        int server = ServerOf(KetamaPlacement.Hash(key));
        for (int i = 0; !living[server]; i++)
        {
            if (i == living.Length || living.Length == 1)
            {
                return -1;
            }

            byte[] again = [.. Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)), .. key];
            uint hash = KetamaPlacement.Hash(again);
            server = ServerOf(hash + hash);
        }

        return server;
    }

    private int ServerOf(uint hash)
    {
        int place = _ring.Find(hash);
        bool beforeAll = place == 0 && hash != _ring.PointAt(0);
        return _ring.ServerAt(beforeAll ? _ring.Count - 1 : place % _ring.Count);
    }
}
