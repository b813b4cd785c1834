using System.Collections.Concurrent;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Memcached.Client;

/// <summary>The members that this process has joined or asked for, with their keys: memcached itself cannot say who there is.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class KnownMembers(MemcachedKeyForm form)
{
    /// <summary>Of those that were only asked for so many are kept; who asks for anything must not fill the memory.</summary>
    public const int MostAsked = 200_000;

    private readonly ConcurrentDictionary<MemberName, (byte[] Key, bool Joined)> _members = new();
    private int _count;

    public byte[] Asked(MemberName name)
    {
        if (_members.TryGetValue(name, out (byte[] Key, bool Joined) known))
        {
            return known.Key;
        }

        byte[] key = NovaKey.Of(name, form);
        if (Volatile.Read(ref _count) < MostAsked && _members.TryAdd(name, (key, false)))
        {
            Interlocked.Increment(ref _count);
        }

        return key;
    }

    public byte[] Joined(MemberName name)
    {
        if (_members.TryGetValue(name, out (byte[] Key, bool Joined) known) && known.Joined)
        {
            return known.Key;
        }

        byte[] key = known.Key ?? NovaKey.Of(name, form);
        if (known.Key is null)
        {
            Interlocked.Increment(ref _count);
        }

        _members[name] = (key, true);
        return key;
    }

    public void Forget(MemberName name)
    {
        if (_members.TryRemove(name, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>Those in a group, or all with null, and whether they joined here.</summary>
    public IEnumerable<(MemberName Name, bool Joined)> In(string? group)
        => _members.Where(member => group is null || member.Key.Group == group).Select(member => (member.Key, member.Value.Joined));
}
