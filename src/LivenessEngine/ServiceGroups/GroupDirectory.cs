using System.Text;

namespace LivenessEngine.ServiceGroups;

/// <summary>Numbers for the names of groups. Looking one up waits for nobody; a new one replaces the whole directory.</summary>
internal sealed class GroupDirectory
{
    /// <summary>How many groups there can be. A group is made for a role in the fleet, and there are few of those.</summary>
    public const int Max = 4096;

    private Snapshot _snapshot = new([], []);

    public IReadOnlyList<string> Names => Volatile.Read(ref _snapshot).Names;

    public string NameOf(int group) => Volatile.Read(ref _snapshot).Names[group];

    /// <summary>The group's number, or -1 if nobody has named it.</summary>
    public int Find(ReadOnlySpan<byte> name) => Volatile.Read(ref _snapshot).Find(name);

    public int Find(string name) => Find(Encoding.UTF8.GetBytes(name));

    /// <summary>The group's number, a new one if need be; -1 when there are <see cref="Max"/> already.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> name)
    {
        while (true)
        {
            Snapshot present = Volatile.Read(ref _snapshot);
            int group = present.Find(name);
            if (group >= 0 || present.Names.Length == Max)
            {
                return group;
            }

            var extended = new Snapshot([.. present.Keys, name.ToArray()], [.. present.Names, Encoding.UTF8.GetString(name)]);
            Interlocked.CompareExchange(ref _snapshot, extended, present);
        }
    }

    /// <exception cref="InvalidOperationException">There are <see cref="Max"/> groups already.</exception>
    public int GetOrAdd(string name)
    {
        int group = GetOrAdd(Encoding.UTF8.GetBytes(name));
        return group >= 0
            ? group
            : throw new InvalidOperationException($"Group '{name}' is one too many: an engine has at most {Max} groups.");
    }

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
