using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Where the daemon listens, and how its clients speak: -l, -p, -s and -U.</summary>
internal sealed class ListenerReader(ServeOptions options, ParseResult parsed)
{
    private const string Loopback = "127.0.0.1";
    private const int AnyPort = -1;

    /// <exception cref="UsageException">A value is not allowed.</exception>
    public IReadOnlyList<MemcachedListener> Read()
    {
        if (parsed.GetValue(options.UnixSocket) is { } path)
        {
            return [UnixSocket(path)];
        }

        // Who asks for a UDP port alone gets the same one for TCP, as in memcached.
        int udp = ReadPort(options.UdpPort);
        int port = udp != 0 && IsLeftOut(options.Port) ? udp : ReadPort(options.Port);
        return port != 0 ? [.. Resolve(port)]
            : udp != 0 ? []
            : throw new UsageException("Nothing to listen on: -p 0 turns TCP off, and neither -s nor -U is given", ExitCode.Usage);
    }

    /// <summary>What was given and is of no use where there is a unix socket: a line that says so, or null.</summary>
    public string? ReadUnused()
    {
        if (parsed.GetValue(options.UnixSocket) is not { } path)
        {
            return null;
        }

        string[] unused =
        [
            .. UnusedPort("-p", options.Port),
            .. UnusedPort("-U", options.UdpPort),
            .. (parsed.GetValue(options.Listen) ?? []).Select(list => $"-l {list}"),
        ];
        return unused.Length > 0 ? $"liveness: without effect beside -s {path}, which is the only way in: {string.Join(", ", unused)}" : null;
    }

    /// <summary>Where datagrams are taken: at the addresses of -l, and no other way where there is a unix socket.</summary>
    /// <exception cref="UsageException">A value is not allowed.</exception>
    public IEnumerable<IPEndPoint> ReadUdp()
    {
        int port = ReadPort(options.UdpPort);
        if (port != 0 && parsed.GetValue(options.EnableSsl))
        {
            throw new UsageException("Cannot use UDP with TLS enabled (-U 0 to disable): it would be in the clear", ExitCode.Usage);
        }

        return port == 0 || parsed.GetValue(options.UnixSocket) is not null
            ? []
            : Resolve(port).Select(listener => listener.EndPoint).OfType<IPEndPoint>();
    }

    private IEnumerable<MemcachedListener> Resolve(int port)
        => Addresses().SelectMany(address => new ListenAddress(address, byTls: parsed.GetValue(options.EnableSsl)).Resolve(Math.Max(port, 0)));

    private IReadOnlyList<string> Addresses()
        => parsed.GetValue(options.Listen) is { Length: > 0 } lists
            ? [.. lists.SelectMany(list => list.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries))]
            : [Loopback];

    private int ReadPort(Option<int> option)
    {
        int port = parsed.GetValue(option);
        return port is >= AnyPort and <= ushort.MaxValue ? port : throw new UsageException(
            $"ERROR: Invalid port number {port}. {option.Name} takes 0 (none) to {ushort.MaxValue}, or -1 for a free one", ExitCode.Usage);
    }

    // A port of 0 is none, as beside -s.
    private string[] UnusedPort(string flag, Option<int> option)
        => IsLeftOut(option) || parsed.GetValue(option) == 0 ? [] : [$"{flag} {parsed.GetValue(option)}"];

    private bool IsLeftOut(Option<int> option) => parsed.GetResult(option) is null or { Implicit: true };

    private static UnixDomainSocketEndPoint UnixSocket(string path)
    {
        try
        {
            return ServerAddress.UnixSocket(path);
        }
        catch (FormatException fault)
        {
            throw new UsageException($"-s: {fault.Message}", ExitCode.OperatingSystem);
        }
    }
}
