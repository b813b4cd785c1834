namespace LivenessEngine.Table;

/// <summary>
/// The sizes that blocks come in: from 64 bytes in steps of about an eighth, each widened to the largest multiple of
/// 16 of which a page holds as many. Fixed, so that what a page looks like follows from its class number alone.
/// </summary>
internal static class SizeClasses
{
    public const int PageShift = 16;

    public const int PageSize = 1 << PageShift;

    public const int SmallestBlock = 64;

    /// <summary>Larger values are kept as chains of chunks of this size.</summary>
    public const int LargestBlock = PageSize / 2;

    private const int Granule = 16;

    private static readonly int[] Sizes = Build();

    // For each multiple of 16 up to the largest block, the class that holds it.
    private static readonly byte[] BySize = Index(Sizes);

    // ceil(2^32 / size): a block's number in its page by one multiplication instead of a division.
    private static readonly uint[] Reciprocals = Array.ConvertAll(Sizes, size => (uint)(((1L << 32) + size - 1) / size));

    public static int Count => Sizes.Length;

    /// <summary>Bytes of a block of the class.</summary>
    public static int SizeOf(int sizeClass) => Sizes[sizeClass];

    /// <summary>The smallest class whose blocks have room for so many bytes, 1 to <see cref="LargestBlock"/>.</summary>
    public static int ClassOf(int bytes) => BySize[(bytes + Granule - 1) / Granule];

    public static int BlocksInPage(int sizeClass) => PageSize / Sizes[sizeClass];

    /// <summary>Which block of its page starts at this offset into the page.</summary>
    public static int BlockNumber(int sizeClass, int offsetInPage) => (int)(((ulong)(uint)offsetInPage * Reciprocals[sizeClass]) >> 32);

    private static int[] Build()
    {
        var sizes = new List<int>();
        for (double size = SmallestBlock; size < LargestBlock; size *= 1.125)
        {
            int count = PageSize / (int)size;
            int widened = PageSize / count / Granule * Granule;
            if (sizes.Count == 0 || widened > sizes[^1])
            {
                sizes.Add(widened);
            }
        }

        if (sizes[^1] < LargestBlock)
        {
            sizes.Add(LargestBlock);
        }

        return [.. sizes];
    }

    private static byte[] Index(int[] sizes)
    {
        var index = new byte[(LargestBlock / Granule) + 1];
        int sizeClass = 0;
        for (int i = 0; i < index.Length; i++)
        {
            while (sizes[sizeClass] < i * Granule)
            {
                sizeClass++;
            }

            index[i] = (byte)sizeClass;
        }

        return index;
    }
}
