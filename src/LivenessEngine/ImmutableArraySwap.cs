namespace LivenessEngine;

/// <summary>An array that is read without care and changed by replacing it.</summary>
internal static class ImmutableArraySwap
{
    public static void Add<T>(ref T[] array, T item)
        where T : class
    {
        T[] present;
        do
        {
            present = Volatile.Read(ref array);
        }
        while (Interlocked.CompareExchange(ref array, [.. present, item], present) != present);
    }

    public static void Remove<T>(ref T[] array, T item)
        where T : class
    {
        T[] present;
        do
        {
            present = Volatile.Read(ref array);
        }
        while (Interlocked.CompareExchange(ref array, Array.FindAll(present, other => other != item), present) != present);
    }
}
