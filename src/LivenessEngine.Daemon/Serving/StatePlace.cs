using System.Globalization;
using System.Net;

namespace LivenessEngine.Daemon.Serving;

/// <summary>
/// Where the state is kept when nobody says: one file for each address, so that daemons do not meet in it. It is named by
/// the port alone where the address is one that nearly every daemon has.
/// </summary>
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
            IPEndPoint tcp when IsUsual(tcp.Address) => tcp.Port.ToString(CultureInfo.InvariantCulture),
            IPEndPoint tcp => string.Create(CultureInfo.InvariantCulture, $"{tcp.Address}-{tcp.Port}"),
            _ => Path.GetFullPath(address.ToString()!).Trim('/').Replace('/', '-'),
        };
        return name is null ? null : Path.Combine(Folder(variable), $"liveness-{name}.state");
    }

    // One daemon at the most has such an address and the port: the others could not listen.
    private static bool IsUsual(IPAddress address)
        => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Loopback);

    private static string Folder(Func<string, string?> variable)
        => variable("STATE_DIRECTORY") is { Length: > 0 } given ? given.Split(':')[0]
        : variable("XDG_STATE_HOME") is { Length: > 0 } home && Path.IsPathRooted(home) ? Path.Combine(home, "liveness")
        : Environment.IsPrivilegedProcess ? OfRoot
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "liveness");
}
