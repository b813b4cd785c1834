using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>
/// Statistics counters with one row for each thread, so that counting is a plain add to a line that no other core
/// writes. A sum may miss adds that are under way; once the threads are still it is exact.
/// </summary>
/// <remarks>
/// A row is written by the thread that holds its <see cref="ThreadSlot"/>, with plain aligned 8-byte stores, and read
/// by any thread. A row outlives its thread: the next holder of the slot goes on counting in it.
/// </remarks>
internal sealed unsafe class ThreadCounters
{
    private readonly Region _region;
    private readonly int _stride;
    private readonly int _count;

    /// <param name="count">How many counters a row has.</param>
    public ThreadCounters(int count)
    {
        _count = count;
        _stride = ((count * sizeof(long)) + 127) & ~127;
        _region = new Region((long)_stride * ThreadSlot.Max);
    }

    /// <summary>The running thread's row; not to be kept over an await.</summary>
    public Span<long> Row
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_region.Base + ((long)ThreadSlot.Current * _stride), _count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int counter, long value = 1) => Row[counter] += value;

    /// <summary>The counter's total over all threads.</summary>
    public long Sum(int counter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)counter, (uint)_count);
        long sum = 0;
        byte* cell = _region.Base + (counter * sizeof(long));
        for (int slot = ThreadSlot.Used; slot > 0; slot--, cell += _stride)
        {
            sum += Volatile.Read(ref *(long*)cell);
        }

        return sum;
    }
}
