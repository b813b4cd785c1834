using System.Text;
using LivenessEngine.Table.State;

namespace LivenessEngine.ServiceGroups;

/// <summary>Numbers for the names of groups. Looking one up waits for nobody; a new one replaces the whole directory.</summary>
internal sealed class GroupDirectory
{
    /// <summary>How many groups there can be. A group is made for a role in the fleet, and there are few of those.</summary>
    public const int Max = 4096;

    private readonly Lock _adding = new();
    private readonly SavedGroups? _saved;
    private Snapshot _snapshot;

    /// <param name="saved">Holds the names, where the numbers outlive the process.</param>
    public GroupDirectory(SavedGroups? saved = null)
    {
        _saved = saved;
        byte[][] keys = saved is null ? [] : [.. saved.Read().Select((name, number) => name ?? Unknown(number))];
        _snapshot = new Snapshot(keys, Array.ConvertAll(keys, Encoding.UTF8.GetString));
    }

    public IReadOnlyList<string> Names => Volatile.Read(ref _snapshot).Names;

    public string NameOf(int group) => Volatile.Read(ref _snapshot).Names[group];

    /// <summary>The group's number, or -1 if nobody has named it.</summary>
    public int Find(ReadOnlySpan<byte> name) => Volatile.Read(ref _snapshot).Find(name);

    public int Find(string name) => Find(Encoding.UTF8.GetBytes(name));

    /// <summary>The group's number, a new one if need be; -1 when there are <see cref="Max"/> already.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> name)
    {
        int group = Find(name);
        return group >= 0 ? group : Add(name);
    }

    /// <exception cref="InvalidOperationException">There are <see cref="Max"/> groups already.</exception>
    public int GetOrAdd(string name)
    {
        int group = GetOrAdd(Encoding.UTF8.GetBytes(name));
        return group >= 0
            ? group
            : throw new InvalidOperationException($"Group '{name}' is one too many: an engine has at most {Max} groups.");
    }

    // A few times in the life of a process. In the file before anyone learns the number: a member's row may hold it at once.
    private int Add(ReadOnlySpan<byte> name)
    {
        lock (_adding)
        {
            Snapshot present = _snapshot;
            int group = present.Find(name);
            if (group < 0 && present.Names.Length < Max)
            {
                group = present.Names.Length;
                _saved?.Write(group, name);
                Volatile.Write(ref _snapshot, new Snapshot([.. present.Keys, name.ToArray()], [.. present.Names, Encoding.UTF8.GetString(name)]));
            }

            return group;
        }
    }

    // In the place of a name that is lost: one that no key has.
    private static byte[] Unknown(int number) => Encoding.UTF8.GetBytes($" lost {number}");

    // Found by the bytes of the name: on the wire it need not be UTF-8, and then its text would not lead back to it.
    private sealed class Snapshot(byte[][] keys, string[] names)
    {
        private readonly Dictionary<byte[], int> _numbers = keys
            .Select((key, number) => (key, number))
            .ToDictionary(pair => pair.key, pair => pair.number, Utf8Comparer.Instance);

        public byte[][] Keys => keys;

        public string[] Names => names;

        public int Find(ReadOnlySpan<byte> name)
            => _numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out int number) ? number : -1;
    }
}
