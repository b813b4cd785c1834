using System.Globalization;
using System.Net;

namespace LivenessEngine.Daemon.Serving;

/// <summary>Where the state is kept when nobody says: one file for each address, so that daemons do not meet in it.</summary>
internal static class StatePlace
{
    private const string OfRoot = "/var/lib/liveness";

    /// <summary>The usual file, null for an address that has none: a free port is another one the next time.</summary>
    /// <param name="address">Where the daemon is to listen.</param>
    /// <param name="variable">The environment.</param>
    public static string? Usual(EndPoint address, Func<string, string?> variable)
    {
        string? name = address switch
        {
            IPEndPoint { Port: 0 } => null,
            IPEndPoint tcp => tcp.Port.ToString(CultureInfo.InvariantCulture),
            _ => Path.GetFileName(address.ToString()),
        };
        return name is null ? null : Path.Combine(Folder(variable), $"liveness-{name}.state");
    }

    private static string Folder(Func<string, string?> variable)
        => variable("STATE_DIRECTORY") is { Length: > 0 } given ? given.Split(':')[0]
        : variable("XDG_STATE_HOME") is { Length: > 0 } home && Path.IsPathRooted(home) ? Path.Combine(home, "liveness")
        : Environment.IsPrivilegedProcess ? OfRoot
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "liveness");
}
