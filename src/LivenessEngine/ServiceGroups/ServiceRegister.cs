using System.Security.Cryptography;
using System.Text;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// Who is registered in Nova's <c>services</c> table, as it was last read: what a cache cannot know. It also gives the
/// names behind the keys that oslo.cache sends, the SHA-1 of <c>topic:host</c> in hexadecimal digits.
/// </summary>
/// <remarks>Reading waits for nobody. A new reading of the table replaces the whole register; one thread does that.</remarks>
internal sealed class ServiceRegister(GroupDirectory groups)
{
    /// <summary>The length of a key that is a SHA-1.</summary>
    public const int KeyLength = 2 * SHA1.HashSizeInBytes;

    // Whose row is gone may still be in the table, and is shown by his name and not by the SHA-1; of so many at the most.
    private const int MostFormer = 10_000;

    private Snapshot _snapshot = new([], [], new(Utf8Comparer.Instance));
    private IReadOnlySet<MemberName> _forcedDown = new HashSet<MemberName>();

    public IReadOnlyCollection<ServiceRecord> Services => Volatile.Read(ref _snapshot).ByName.Values;

    /// <summary>Whom an operator has forced down: the same object for as long as they are the same.</summary>
    public IReadOnlySet<MemberName> ForcedDown => Volatile.Read(ref _forcedDown);

    public static string KeyOf(MemberName name)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Not for secrecy: it is how oslo.cache names keys.
        SHA1.HashData(Encoding.UTF8.GetBytes(name.ToString()), hash);
#pragma warning restore CA5350
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Takes what the table holds now.</summary>
    public void Replace(IEnumerable<ServiceRecord> services)
    {
        Snapshot present = _snapshot;
        var byName = new Dictionary<MemberName, ServiceRecord>();
        var names = new Dictionary<string, MemberName>();
        var keys = new Dictionary<byte[], int>(Utf8Comparer.Instance);
        var known = present.Names.ToDictionary(pair => pair.Value, pair => pair.Key);
        foreach (ServiceRecord service in services)
        {
            var name = new MemberName(service.Host, service.Topic);
            int group = groups.GetOrAdd(Encoding.UTF8.GetBytes(service.Topic));
            if (group >= 0)
            {
                string key = known.GetValueOrDefault(name) ?? KeyOf(name);
                byName[name] = service;
                names[key] = name;
                keys[Encoding.ASCII.GetBytes(key)] = group;
            }
        }

        int most = names.Count + MostFormer;
        foreach ((string key, MemberName name) in present.Names)
        {
            if (names.Count < most)
            {
                names.TryAdd(key, name);
            }
        }

        Volatile.Write(ref _snapshot, new Snapshot(byName, names, keys));
        HashSet<MemberName> forcedDown = [.. byName.Where(service => service.Value.IsForcedDown).Select(service => service.Key)];
        if (!_forcedDown.SetEquals(forcedDown))
        {
            Volatile.Write(ref _forcedDown, forcedDown);
        }
    }

    public ServiceRecord? Find(MemberName name) => Volatile.Read(ref _snapshot).ByName.GetValueOrDefault(name);

    /// <summary>The number of the group of the member behind a SHA-1; -1 for a key that is none, or of nobody registered.</summary>
    public int GroupOf(ReadOnlySpan<byte> key)
        => key.Length == KeyLength && Volatile.Read(ref _snapshot).Groups.TryGetValue(key, out int group) ? group : -1;

    /// <summary>The name of the member that a key stands for.</summary>
    /// <param name="key">The key: <c>group:member</c>, or a SHA-1.</param>
    /// <param name="group">The number of its group.</param>
    public MemberName NameOf(string key, int group)
        => key.Length == KeyLength && Volatile.Read(ref _snapshot).Names.TryGetValue(key, out MemberName name)
            ? name
            : new MemberName(MemberKey.NameIn(key), groups.NameOf(group));

    private sealed class Snapshot(
        Dictionary<MemberName, ServiceRecord> byName, Dictionary<string, MemberName> names, Dictionary<byte[], int> groups)
    {
        public Dictionary<MemberName, ServiceRecord> ByName => byName;

        public Dictionary<string, MemberName> Names => names;

        public Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> Groups { get; } = groups.GetAlternateLookup<ReadOnlySpan<byte>>();
    }
}
