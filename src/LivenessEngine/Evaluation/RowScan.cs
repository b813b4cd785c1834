using System.Runtime.Intrinsics;

namespace LivenessEngine.Evaluation;

/// <summary>Compares 64 rows of last-seen times at once.</summary>
internal static unsafe class RowScan
{
    public const int RowsPerWord = 64;

    /// <summary>One bit for each of 64 rows: seen at the threshold or later.</summary>
    public static ulong SeenSince(long* lastSeen, long threshold)
    {
        ulong fresh = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<long> limit = Vector512.Create(threshold);
            for (int i = 0; i < RowsPerWord; i += Vector512<long>.Count)
            {
                fresh |= Vector512.GreaterThanOrEqual(Vector512.LoadAligned(lastSeen + i), limit).ExtractMostSignificantBits() << i;
            }
        }
        else
        {
            Vector256<long> limit = Vector256.Create(threshold);
            for (int i = 0; i < RowsPerWord; i += Vector256<long>.Count)
            {
                ulong bits = Vector256.GreaterThanOrEqual(Vector256.LoadAligned(lastSeen + i), limit).ExtractMostSignificantBits();
                fresh |= bits << i;
            }
        }

        return fresh;
    }
}
