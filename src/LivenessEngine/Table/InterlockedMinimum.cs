namespace LivenessEngine.Table;

internal static class InterlockedMinimum
{
    /// <summary>Sets the bound to the value if that is lower.</summary>
    public static void Lower(ref long bound, long value)
    {
        long seen = Volatile.Read(ref bound);
        while (value < seen)
        {
            long found = Interlocked.CompareExchange(ref bound, value, seen);
            if (found == seen)
            {
                return;
            }

            seen = found;
        }
    }
}
