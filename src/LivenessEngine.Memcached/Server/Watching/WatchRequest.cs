using System.Diagnostics.CodeAnalysis;
using System.Text;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>watch &lt;kind&gt;*: follow what is logged, and with <c>liveness [&lt;group&gt;]</c> who comes up and goes down.</summary>
/// <param name="Kinds">What is logged.</param>
/// <param name="Liveness">Whether members are followed.</param>
/// <param name="Group">The group's name, null for all.</param>
internal sealed record WatchRequest(WatchKinds Kinds, bool Liveness, string? Group)
{
    /// <summary>What has been logged since the client asked, once it is served; null where it follows members only.</summary>
    public LogWatcher? Log { get; set; }

    /// <summary>Without a kind memcached takes fetchers. Behind <c>liveness</c>, what is no kind is a group.</summary>
    public static bool TryParse(ReadOnlySpan<byte> arguments, [NotNullWhen(true)] out WatchRequest? request)
    {
        var words = new Tokens(arguments);
        WatchKinds kinds = WatchKinds.None;
        bool liveness = false;
        bool mayBeGroup = false;
        ReadOnlySpan<byte> group = default;
        request = null;
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            if (word.SequenceEqual("liveness"u8))
            {
                mayBeGroup = !liveness;
                liveness = true;
            }
            else if (KindOf(word) is var kind and not WatchKinds.None)
            {
                kinds |= kind;
                mayBeGroup = false;
            }
            else if (mayBeGroup)
            {
                group = word;
                mayBeGroup = false;
            }
            else
            {
                return false;
            }
        }

        request = new WatchRequest(
            kinds == WatchKinds.None && !liveness ? WatchKinds.Fetchers : kinds,
            liveness,
            group.IsEmpty ? null : Encoding.UTF8.GetString(group));
        return true;
    }

    private static WatchKinds KindOf(ReadOnlySpan<byte> word)
        => word.SequenceEqual("fetchers"u8) ? WatchKinds.Fetchers
            : word.SequenceEqual("mutations"u8) ? WatchKinds.Mutations
            : word.SequenceEqual("evictions"u8) ? WatchKinds.Evictions
            : word.SequenceEqual("connevents"u8) ? WatchKinds.Connections
            : word.SequenceEqual("deletions"u8) ? WatchKinds.Deletions
            : IsSilent(word) ? WatchKinds.Silent
            : WatchKinds.None;

    private static bool IsSilent(ReadOnlySpan<byte> word)
        => word.SequenceEqual("rawcmds"u8) || word.SequenceEqual("sysevents"u8) || word.SequenceEqual("proxyreqs"u8)
            || word.SequenceEqual("proxyevents"u8) || word.SequenceEqual("proxyuser"u8);
}
