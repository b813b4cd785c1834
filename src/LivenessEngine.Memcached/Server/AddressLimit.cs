using System.Net;

namespace LivenessEngine.Memcached.Server;

/// <summary>How many connections there are from each address, where only so many may be.</summary>
/// <param name="most">How many.</param>
internal sealed class AddressLimit(int most)
{
    private readonly Dictionary<IPAddress, int> _counts = [];

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
