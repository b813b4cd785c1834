using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Client;

/// <summary>Addresses as people write them: <c>host</c>, <c>host:port</c>, <c>[v6]:port</c>, <c>unix:/path</c> or <c>/path</c>.</summary>
internal static class ServerAddress
{
    public const int DefaultPort = 11211;

    /// <exception cref="FormatException">It is no address; the message names it and what is allowed.</exception>
    public static EndPoint Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal) || text.StartsWith('/'))
        {
            return UnixSocket(text.StartsWith('/') ? text : text["unix:".Length..], given: text);
        }

        (string host, int port) = Split(text, DefaultPort);
        return IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }

    /// <exception cref="FormatException">The path is empty or too long; the message names it and what is allowed.</exception>
    public static UnixDomainSocketEndPoint UnixSocket(string path, string? given = null)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FormatException($"'{given ?? path}' names no unix socket; allowed are paths of 1 to about 100 bytes, as the system has room for.");
        }
    }

    /// <summary>Takes host and port apart; the port may be left out, and a v6 address without one needs no brackets.</summary>
    /// <exception cref="FormatException">It is no address; the message names it and what is allowed.</exception>
    public static (string Host, int Port) Split(string text, int defaultPort)
    {
        string host = text;
        string? port = null;
        int bracket = text.LastIndexOf(']');
        int colon = text.LastIndexOf(':');
        if (text.StartsWith('[') && bracket > 0)
        {
            // A port that begins with anything but a colon is none.
            host = text[1..bracket];
            port = bracket + 1 == text.Length ? null : text[bracket + 1] == ':' ? text[(bracket + 2)..] : "";
        }
        else if (colon >= 0 && text.IndexOf(':', StringComparison.Ordinal) == colon)
        {
            host = text[..colon];
            port = text[(colon + 1)..];
        }

        int number = defaultPort;
        bool valid = port is null || (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= ushort.MaxValue);
        return valid && IsHost(host)
            ? (host, number)
            : throw new FormatException($"'{text}' is no address; allowed are host, host:port, [v6]:port and unix:/path, with a port up to 65535.");
    }

    // Only a v6 address has colons. White space comes with a list that lacks a comma between two lines.
    private static bool IsHost(string host)
        => host.Length > 0 && !host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            && (!host.Contains(':', StringComparison.Ordinal) || IPAddress.TryParse(host, out _));
}
