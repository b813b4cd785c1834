using System.Text;

namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>
/// pymemcache's choice: the living server for which the MurmurHash3 of <c>host:port-key</c> is highest, with the greater
/// name where two are equal.
/// </summary>
internal sealed class RendezvousPlacement(IReadOnlyList<ServerNode> servers) : IPlacement
{
    private readonly string[] _names = [.. servers.Select(server => server.Spelling)];
    private readonly byte[][] _prefixes = [.. servers.Select(server => Encoding.UTF8.GetBytes(server.Spelling + "-"))];

    public int Place(ReadOnlySpan<byte> key, ReadOnlySpan<bool> living)
    {
        Span<byte> text = stackalloc byte[512];
        int winner = -1;
        uint highest = 0;
        for (int i = 0; i < living.Length; i++)
        {
            if (!living[i])
            {
                continue;
            }

            int length = _prefixes[i].Length + key.Length;
            Span<byte> joined = length <= text.Length ? text[..length] : new byte[length];
            _prefixes[i].CopyTo(joined);
            key.CopyTo(joined[_prefixes[i].Length..]);
            uint score = Murmur3.Hash(joined);
            if (winner < 0 || score > highest || (score == highest && string.CompareOrdinal(_names[i], _names[winner]) > 0))
            {
                (winner, highest) = (i, score);
            }
        }

        return winner;
    }
}
