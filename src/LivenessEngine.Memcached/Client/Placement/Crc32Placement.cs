using System.Globalization;

namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>
/// python-memcached's choice: <c>((crc32(key) >> 16) &amp; 0x7fff or 1) % n</c>. If that server is dead, the decimal hash
/// and the number of the try make a new key, ten times at the most (Client._get_server).
/// </summary>
internal sealed class Crc32Placement : IPlacement
{
    private const int Tries = 10;
    private static readonly uint[] Table = MakeTable();

    public int Place(ReadOnlySpan<byte> key, ReadOnlySpan<bool> living)
    {
        uint hash = Hash(key);
        Span<byte> again = stackalloc byte[16];
        for (int i = 0; i < Tries; i++)
        {
            int server = (int)(hash % (uint)living.Length);
            if (living[server])
            {
                return server;
            }

            hash.TryFormat(again, out int length, default, CultureInfo.InvariantCulture);
            again[length] = (byte)('0' + i);
            hash = Hash(again[..(length + 1)]);
        }

        return -1;
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        uint hash = (Crc32(key) >> 16) & 0x7fff;
        return hash == 0 ? 1 : hash;
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte part in data)
        {
            crc = Table[(byte)(crc ^ part)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }
}
