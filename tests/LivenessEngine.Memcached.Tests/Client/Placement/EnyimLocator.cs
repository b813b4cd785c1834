using System.Security.Cryptography;
using System.Text;

namespace LivenessEngine.Memcached.Tests.Client.Placement;

/// <summary>
/// What EnyimMemcachedCore's KetamaNodeLocator does, step by step and slowly, since its package cannot be had everywhere:
/// the first point that is not below the hash; below all points the last, above all the first; and for a dead server a new
/// hash of the number of the try and the key.
/// </summary>
internal sealed class EnyimLocator
{
    private readonly KeyValuePair<uint, int>[] _points;
    private readonly int[] _dead;
    private readonly int _count;

    public EnyimLocator(string[] servers, int[] dead)
    {
        (_dead, _count) = (dead, servers.Length);
        var points = new SortedDictionary<uint, int>();
        for (int server = 0; server < servers.Length; server++)
        {
            for (int i = 0; i < 160 / 4; i++)
            {
                byte[] digest = Digest($"{servers[server]}-{i}");
                for (int part = 0; part < 4; part++)
                {
                    points[BitConverter.ToUInt32(digest, part * 4)] = server;
                }
            }
        }

        _points = [.. points];
    }

    public int Locate(string key)
    {
        int server = ServerOf(Hash(key));
        for (int i = 0; _count > 1 && i < _count && _dead.Contains(server); i++)
        {
            ulong hash = Hash(i + key);
            hash += (uint)(hash ^ (hash >> 32));
            server = ServerOf((uint)(hash & 0xffffffff));
        }

        return _dead.Contains(server) ? -1 : server;
    }

    private int ServerOf(uint hash)
    {
        int place = Array.FindIndex(_points, point => point.Key >= hash);
        bool isBelowAll = place == 0 && _points[0].Key != hash;
        return _points[isBelowAll ? ^1 : place < 0 ? 0 : place].Value;
    }

    private static uint Hash(string key) => BitConverter.ToUInt32(Digest(key), 0);

#pragma warning disable CA5351 // As the client does.
    private static byte[] Digest(string text) => MD5.HashData(Encoding.ASCII.GetBytes(text));
#pragma warning restore CA5351
}
