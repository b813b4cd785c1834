using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Server;

/// <summary>How many connections there are from each address, where only so many may be.</summary>
/// <param name="most">How many.</param>
internal sealed class AddressLimit(int most)
{
    private readonly Dictionary<IPAddress, int> _counts = [];

    /// <summary>
    /// Whom an address counts for: IPv4 as itself, also where it is written as IPv6; IPv6 by its /64, which is one client's
    /// (RFC 6177), and a link's own address as itself.
    /// </summary>
    public static IPAddress OwnerOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv6LinkLocal || IPAddress.IsLoopback(address))
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Counts one more; false, and nothing counted, where there are as many as may be.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_counts)
        {
            int count = _counts.GetValueOrDefault(address);
            if (count >= most)
            {
                return false;
            }

            _counts[address] = count + 1;
            return true;
        }
    }

    /// <summary>One has gone. Of an address without any nothing is kept.</summary>
    public void Leave(IPAddress address)
    {
        lock (_counts)
        {
            if (_counts[address] == 1)
            {
                _counts.Remove(address);
            }
            else
            {
                _counts[address]--;
            }
        }
    }
}
