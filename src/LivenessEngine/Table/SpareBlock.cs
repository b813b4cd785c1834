using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// The block that a new version will go into, taken ahead of the look at the present one, because taking it may cost
/// the epoch; then the look is repeated, and the block may turn out too small.
/// </summary>
internal ref struct SpareBlock(TableCore core)
{
    private int _size;

    /// <summary>0 while there is none.</summary>
    public ulong Offset { get; private set; }

    public readonly bool Holds(int size) => _size >= size;

    /// <summary>Takes a block for so many bytes in place of the present one; false when memory is used up.</summary>
    public bool TryTake(in EpochGuard guard, int size, ReadOnlySpan<byte> replaced, in Moment now)
    {
        Free();
        Offset = core.Allocate(guard, SizeClasses.ClassOf(size), replaced, now);
        _size = Offset != 0 ? size : 0;
        return Offset != 0;
    }

    /// <summary>Gives the block back if it was not published.</summary>
    public void Free()
    {
        if (Offset != 0)
        {
            core.Store.Slabs.Free(Offset);
            Offset = 0;
            _size = 0;
        }
    }
}
