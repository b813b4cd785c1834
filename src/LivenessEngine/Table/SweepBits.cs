using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>A column of one bit a row beside <see cref="MemberColumns"/>, in which the sweep keeps what it has found.</summary>
internal sealed unsafe class SweepBits
{
    private const int RowsPerWord = 64;

    // Written by the sweep alone with plain aligned stores, read by anyone with single loads: each bit is an answer by
    // itself, published by nothing and publishing nothing, so it needs no fence. No tear: aligned 8-byte words.
    private readonly ulong* _words;

    private readonly Region _region;

    /// <param name="rows">How many rows there can ever be.</param>
    public SweepBits(int rows)
    {
        _region = new Region((rows + RowsPerWord - 1) / RowsPerWord * (long)sizeof(ulong));
        _words = _region.Array<ulong>();
    }

    /// <summary>How many bits are set; the sweep's own.</summary>
    public int Count { get; private set; }

    /// <summary>The bits of 64 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Word(int firstRow) => _words[firstRow / RowsPerWord];

    public bool this[int row] => (Volatile.Read(ref _words[row / RowsPerWord]) & Bit(row)) != 0;

    public void Set(int row)
    {
        ulong word = Word(row);
        Count += (word & Bit(row)) == 0 ? 1 : 0;
        Volatile.Write(ref _words[row / RowsPerWord], word | Bit(row));
    }

    public void Clear(int row)
    {
        ulong word = Word(row);
        Count -= (word & Bit(row)) == 0 ? 0 : 1;
        Volatile.Write(ref _words[row / RowsPerWord], word & ~Bit(row));
    }

    private static ulong Bit(int row) => 1UL << (row % RowsPerWord);
}
