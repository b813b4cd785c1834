namespace LivenessEngine.Table.State;

/// <summary>A set of blocks, or of rows, each of which can be claimed once.</summary>
internal sealed class Claims(long count)
{
    private readonly ulong[] _words = new ulong[(count + 63) / 64];

    public ReadOnlySpan<ulong> Words => _words;

    public bool Contains(long number) => (_words[number >> 6] & (1UL << (int)(number & 63))) != 0;

    public bool TryAdd(long number)
    {
        ref ulong word = ref _words[number >> 6];
        ulong bit = 1UL << (int)(number & 63);
        bool added = (word & bit) == 0;
        word |= bit;
        return added;
    }

    public void Remove(long number) => _words[number >> 6] &= ~(1UL << (int)(number & 63));
}
