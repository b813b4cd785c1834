using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Tools.Instruments;

/// <summary>The members of a run, by number: their keys as oslo.cache sends them, and by how much each one's clock is wrong.</summary>
internal sealed class Nodes
{
    private readonly byte[] _keys;
    private readonly double[] _skews;

    public Nodes(int count)
    {
        Count = count;
        _keys = new byte[count * NovaKey.Sha1Length];
        _skews = new double[count];
        for (int number = 0; number < count; number++)
        {
            NovaKey.Of(new MemberName(NameOf(number), "compute"), MemcachedKeyForm.Sha1).CopyTo(_keys, number * NovaKey.Sha1Length);
        }
    }

    public int Count { get; }

    public static string NameOf(int number) => $"node{number}";

    public ReadOnlySpan<byte> KeyOf(int number) => _keys.AsSpan(number * NovaKey.Sha1Length, NovaKey.Sha1Length);

    /// <summary>In seconds; a clock that is ahead is above 0.</summary>
    public double SkewOf(int number) => Volatile.Read(ref _skews[number]);

    public void Skew(IEnumerable<int> numbers, TimeSpan skew)
    {
        foreach (int number in numbers)
        {
            Volatile.Write(ref _skews[number], skew.TotalSeconds);
        }
    }
}
