using System.Text;

namespace LivenessEngine.Soak.State;

/// <summary>What a key's version says: every fifth is a deletion, the others have a value of their own.</summary>
internal static class Versions
{
    public static byte[] KeyOf(int thread, int key) => Encoding.ASCII.GetBytes(IsMember(key) ? $"compute:{thread}-{key}" : $"item-{thread}-{key}");

    public static byte[] CounterOf(int counter) => Encoding.ASCII.GetBytes($"counter-{counter}");

    public static bool IsMember(int key) => key % 3 == 0;

    public static bool IsDeletion(long version) => version == 0 || version % 5 == 4;

    /// <summary>Mostly small; one in forty is a chain of chunks.</summary>
    public static byte[] ValueOf(int thread, int key, long version)
    {
        var random = new Random((((thread * Journal.Keys) + key) * 1_000_003) + (int)version);
        int words = random.Next(40) == 0 ? random.Next(4_000, 12_000) : random.Next(0, 60);
        byte[] value = new byte[SealedValue.Smallest + (words * 8)];
        SealedValue.Fill(value, (thread * Journal.Keys) + key, (ulong)version);
        return value;
    }
}
