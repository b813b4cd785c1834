using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Table.State;

/// <summary>The groups in a state file, each in the place of its number, which members' rows hold.</summary>
/// <remarks>
/// Names are written by <see cref="GroupDirectory"/>, one thread at a time, before anyone can learn the number; holds by the
/// sweep.
/// </remarks>
internal sealed unsafe class SavedGroups(byte* file)
{
    /// <summary>
    /// More than a key has room for. The name of a registered service may be longer; such a group is not restored.
    /// </summary>
    public const int MaxName = SlotLength - Head;

    public const long Length = (long)GroupDirectory.Max * SlotLength;

    private const int SlotLength = 512;
    private const int HeldBeforeAt = 8;
    private const int Head = 16;

    private readonly byte* _slots = file + StateLayout.GroupsAt;

    /// <summary>The names by number, up to the last one; null where one is damaged or was too long.</summary>
    public byte[]?[] Read()
    {
        var names = new byte[]?[GroupDirectory.Max];
        int end = 0;
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = NameAt(i);
            end = names[i] is null ? end : i + 1;
        }

        return names[..end];
    }

    public void Write(int number, ReadOnlySpan<byte> name)
    {
        byte* slot = Slot(number);
        if (name.Length <= MaxName)
        {
            name.CopyTo(new Span<byte>(slot + Head, name.Length));
            Hold(number, 0);
            *(int*)slot = name.Length;
            *(uint*)(slot + sizeof(int)) = ChecksumOf(name);
        }
    }

    /// <summary>Who of the group was last seen before this, on the liveness clock, is held by the brake when due; 0 for nobody.</summary>
    public long HeldBefore(int number) => *(long*)(Slot(number) + HeldBeforeAt);

    public void Hold(int number, long before) => *(long*)(Slot(number) + HeldBeforeAt) = before;

    private byte[]? NameAt(int number)
    {
        byte* slot = Slot(number);
        int length = *(int*)slot;
        if (length is <= 0 or > MaxName)
        {
            return null;
        }

        var name = new ReadOnlySpan<byte>(slot + Head, length);
        return *(uint*)(slot + sizeof(int)) == ChecksumOf(name) ? name.ToArray() : null;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> name) => Crc.Of(name);

    private byte* Slot(int number) => _slots + ((long)number * SlotLength);
}
