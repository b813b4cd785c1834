using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>
/// libmemcached's choice with MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED and equal weights: four points from each of the MD5s of
/// <c>host-i</c> (on port 11211) or <c>host:port-i</c>, i from 0 to 39, and the MD5 of the key (hosts.cc, update_continuum).
/// </summary>
/// <remarks>It does not go elsewhere when a server is dead: libmemcached does so only when it is told to eject hosts.</remarks>
internal sealed class KetamaPlacement(IReadOnlyList<ServerNode> servers) : IPlacement
{
    private const int Digests = 40;

    private readonly HashRing _ring = new(servers.SelectMany((server, number) => Points(SpellingOf(server), number)));

    public int Place(ReadOnlySpan<byte> key, ReadOnlySpan<bool> living) => _ring.ServerAt(_ring.Find(Hash(key)) % _ring.Count);

    /// <summary>The name of a server as libmemcached writes it: without the port that everybody uses.</summary>
    public static string SpellingOf(ServerNode server)
        => server.Port == ServerAddress.DefaultPort ? server.Host : string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");

    public static IEnumerable<(uint Point, int Server)> Points(string name, int server)
    {
        for (int i = 0; i < Digests; i++)
        {
            byte[] digest = Md5(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}-{i}")));
            for (int part = 0; part < digest.Length; part += sizeof(uint))
            {
                yield return (BinaryPrimitives.ReadUInt32LittleEndian(digest.AsSpan(part)), server);
            }
        }
    }

    public static uint Hash(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt32LittleEndian(Md5(key));

#pragma warning disable CA5351 // What everybody spreads keys by, and no secret.
    private static byte[] Md5(ReadOnlySpan<byte> data) => MD5.HashData(data);
#pragma warning restore CA5351
}
