using System.Diagnostics.CodeAnalysis;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server;

/// <summary>watch liveness [&lt;group&gt;]: follow who comes up and goes down.</summary>
/// <param name="Group">The group's number, null for all.</param>
internal sealed record WatchRequest(int? Group)
{
    public static bool TryParse(ReadOnlySpan<byte> arguments, ServerContext server, [NotNullWhen(true)] out WatchRequest? request)
    {
        var words = new Tokens(arguments);
        request = null;
        if (!words.Next().SequenceEqual("liveness"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> group = words.Next();
        request = new WatchRequest(group.IsEmpty ? null : server.Engine.Groups.GetOrAdd(group));
        return words.Next().IsEmpty;
    }
}
