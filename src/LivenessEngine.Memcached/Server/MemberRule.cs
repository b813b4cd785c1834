using System.Text;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Which keys name members: those of the form <c>group:member</c> whose group is listed, and those that are the SHA-1 of
/// such a name that is registered. Every other key is an ordinary item, whatever colons it holds, and so is one with a space
/// or a line end in it.
/// </summary>
internal sealed class MemberRule
{
    /// <summary>Takes every group.</summary>
    public const string Any = "*";

    /// <summary>
    /// The topics that Nova's services join (nova/objects/service.py and nova/conf: compute, conductor, scheduler,
    /// console, consoleauth, cert, network).
    /// </summary>
    public static readonly IReadOnlyList<string> NovaTopics =
        ["compute", "conductor", "scheduler", "console", "consoleauth", "cert", "network"];

    private readonly GroupDirectory _groups;
    private readonly ServiceRegister _register;
    private readonly bool _any;
    private readonly (byte[] Prefix, int Group)[] _listed;

    // Set once, by whoever comes first; two at a time are told the same number.
    private int _unnamed;

    /// <param name="groups">Numbers the groups.</param>
    /// <param name="register">Who is registered.</param>
    /// <param name="names">The groups' names, or <see cref="Any"/>.</param>
    public MemberRule(GroupDirectory groups, ServiceRegister register, IReadOnlyList<string> names)
    {
        _groups = groups;
        _register = register;
        Names = names;
        _any = names.Contains(Any);
        _listed = names.Where(name => name != Any)
            .Select(name => (Encoding.UTF8.GetBytes(name + ":"), groups.GetOrAdd(name)))
            .ToArray();

        // It may have been restored, with those who are in it.
        _unnamed = groups.Find(Unnamed);
    }

    /// <summary>The name of the group of those who are members by what they send, while nobody has told their name.</summary>
    public const string Unnamed = "nova";

    /// <summary>The number of that group, or -1 as long as there is nobody in it.</summary>
    public int UnnamedGroup => Volatile.Read(ref _unnamed);

    /// <summary>The number of that group for somebody who is in it; -1 when there can be no more groups.</summary>
    public int JoinUnnamed()
    {
        int group = Volatile.Read(ref _unnamed);
        if (group < 0)
        {
            group = _groups.GetOrAdd(Encoding.UTF8.GetBytes(Unnamed));
            Volatile.Write(ref _unnamed, group);
        }

        return group;
    }

    /// <summary>The groups as they were listed.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The number of the group whose member the key names, or -1 for an ordinary item.</summary>
    public int GroupOf(ReadOnlySpan<byte> key)
    {
        foreach ((byte[] prefix, int group) in _listed)
        {
            if (key.Length > prefix.Length && key[0] == prefix[0] && key.StartsWith(prefix))
            {
                return IsWord(key) ? group : -1;
            }
        }

        int registered = _register.GroupOf(key);
        if (registered >= 0)
        {
            return registered;
        }

        int length = _any ? MemberKey.GroupLength(key) : 0;
        return length == 0 || !IsWord(key) ? -1 : _groups.GetOrAdd(key[..length]);
    }

    // What has no place in a line is no name: members are told of in lines. Binary keys may be anything.
    private static bool IsWord(ReadOnlySpan<byte> key) => key.IndexOfAny((byte)' ', (byte)'\r', (byte)'\n') < 0;
}
