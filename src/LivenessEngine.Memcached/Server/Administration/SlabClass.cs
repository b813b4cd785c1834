using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>memcached's numbers of slab classes, as clients give them, and which of our size classes they are.</summary>
internal static class SlabClass
{
    /// <summary>Numbers are below this.</summary>
    public const int Count = 64;

    /// <summary>Takes a list of numbers; -1 stands for all.</summary>
    public static bool TryParseList(ReadOnlySpan<byte> list, out List<int> classes)
    {
        classes = [];
        if (list.SequenceEqual("all"u8) || list.SequenceEqual("hash"u8))
        {
            classes.Add(-1);
            return true;
        }

        foreach (Range range in list.Split((byte)','))
        {
            if (!WireNumber.TryParse(list[range], out ulong sizeClass) || sizeClass is 0 or >= Count)
            {
                return false;
            }

            classes.Add(IndexOf(sizeClass));
        }

        return true;
    }

    /// <summary>Which of our size classes has that number; one beyond ours has no items.</summary>
    public static int IndexOf(ulong sizeClass)
        => sizeClass is > 0 && sizeClass <= (ulong)SizeClasses.Count ? (int)sizeClass - 1 : int.MaxValue;
}
