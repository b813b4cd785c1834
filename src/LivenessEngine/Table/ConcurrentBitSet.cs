using System.Numerics;

namespace LivenessEngine.Table;

/// <summary>
/// A set of small numbers that any thread may add to and take from without waiting. Unlike a stack it cannot hold a
/// number twice and knows no ABA problem. Number 0 is never in it.
/// </summary>
/// <remarks>
/// The interlocked and tells who has taken a number; by the read before it two could: soak test
/// <c>BlocksBelongToOneOwner</c>.
/// </remarks>
internal sealed unsafe class ConcurrentBitSet(ulong* words, int count)
{
    private int _hint;

    // How many are in the set, a little late: so that taking from an empty set looks at no word.
    private int _size;

    public static int WordsFor(int numbers) => (numbers + 63) / 64;

    public void Add(int number)
    {
        ulong bit = 1UL << (number & 63);
        ref ulong word = ref words[number >> 6];
        if ((Volatile.Read(ref word) & bit) == 0 && (Interlocked.Or(ref word, bit) & bit) == 0)
        {
            Interlocked.Increment(ref _size);
        }
    }

    /// <summary>Takes some number out of the set; 0 if it is empty.</summary>
    public int Take()
    {
        if (Volatile.Read(ref _size) == 0)
        {
            return 0;
        }

        int start = Volatile.Read(ref _hint);
        for (int i = 0; i < count; i++)
        {
            int at = start + i < count ? start + i : start + i - count;
            ulong seen = Volatile.Read(ref words[at]);
            while (seen != 0)
            {
                ulong bit = seen & (0 - seen);
                if ((Interlocked.And(ref words[at], ~bit) & bit) != 0)
                {
                    Interlocked.Decrement(ref _size);
                    Volatile.Write(ref _hint, at);
                    return (at << 6) + BitOperations.TrailingZeroCount(bit);
                }

                seen = Volatile.Read(ref words[at]);
            }
        }

        return 0;
    }
}
