using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>What the log tells of an item that is stored, kept from before that: then it may be another's already.</summary>
/// <param name="Class">The number of its size class as clients know it; 0 for none.</param>
/// <param name="Deadline">Its deadline; nothing where there is no class.</param>
/// <param name="ValueLength">Bytes of its value.</param>
internal readonly record struct LoggedItem(int Class, long Deadline, int ValueLength)
{
    public static LoggedItem Of(scoped ItemView item) => new(item.SizeClass + 1, item.Deadline, item.ValueLength);

    public bool HasDeadline => Class != 0 && Deadline != BlockHeader.Never;
}
