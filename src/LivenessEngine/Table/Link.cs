using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>
/// The words of the index: what a bucket or a block's <see cref="BlockHeader.Next"/> holds. Blocks lie on 16-byte
/// boundaries, so a word is a block's offset in the region with four bits to spare below; and above, the lowest bits of its
/// member's row, so that what the member's columns hold can be asked for together with the block and not after it
/// (bench <c>LookupBench</c>).
/// </summary>
internal static class Link
{
    /// <summary>No word: a bucket that was never linked into the list. Offset 0 is never a block.</summary>
    public const ulong None = 0;

    /// <summary>In a block's own <c>Next</c>: this block is deleted or replaced; the word never changes again.</summary>
    public const ulong Mark = 1;

    /// <summary>The target is a bucket (its number in the upper bits), not a block.</summary>
    public const ulong Bucket = 2;

    /// <summary>In a bucket's word: one thread is linking this bucket in; everybody else starts at its parent.</summary>
    public const ulong Claimed = 4;

    /// <summary>The end of the list: it closes at bucket 0, whose order is below every other.</summary>
    public const ulong End = Bucket;

    /// <summary>Blocks lie below this offset: 4 TiB.</summary>
    public const ulong MaxOffset = 1UL << RowShift;

    private const int BucketShift = 4;
    private const int RowShift = 42;
    private const ulong OffsetMask = MaxOffset - (1 << BucketShift);

    public static ulong ToBucket(uint bucket) => ((ulong)bucket << BucketShift) | Bucket;

    public static ulong ToBlock(ulong offset, int row) => offset | ((ulong)(uint)row << RowShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OffsetOf(ulong link) => link & OffsetMask;

    /// <summary>The row of the block's member, or what of it has room here: a hint, and 0 for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint RowOf(ulong link) => (uint)(link >> RowShift);

    public static uint BucketOf(ulong link) => (uint)(link >> BucketShift);

    public static bool IsBucket(ulong link) => (link & Bucket) != 0;

    public static bool IsMarked(ulong link) => (link & Mark) != 0;

    /// <summary>
    /// The place of a hash in the list: its bits reversed, so that when the buckets double the keys of the new bucket
    /// are already a run inside their old one (Shalev and Shavit, "Split-Ordered Lists", 2006). Keys are odd.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OrderOf(uint hash) => Reverse(hash) | 1;

    /// <summary>The place of a bucket in the list: before all of its keys. Buckets are even.</summary>
    public static uint OrderOfBucket(uint bucket) => Reverse(bucket);

    /// <summary>Which of 2^<paramref name="log2"/> buckets comes at a place, of all of them in the order of the list.</summary>
    public static uint BucketAt(uint place, int log2) => Reverse(place) >> (32 - log2);

    private static uint Reverse(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
