using System.CommandLine;
using System.Net.Sockets;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Where the daemon listens, and how its clients speak: -l, -p and -s.</summary>
internal sealed class ListenerReader(ServeOptions options, ParseResult parsed)
{
    private const string Loopback = "127.0.0.1";

    /// <exception cref="UsageException">A value is not allowed.</exception>
    public IReadOnlyList<MemcachedListener> Read()
    {
        if (parsed.GetValue(options.UnixSocket) is { } path)
        {
            return [UnixSocket(path)];
        }

        int port = parsed.GetValue(options.Port);
        if (port is < -1 or > ushort.MaxValue)
        {
            throw new UsageException($"ERROR: Invalid port number {port}.", ExitCode.Usage);
        }

        if (port == 0)
        {
            throw new UsageException("Nothing to listen on: -p 0 turns TCP off, and no -s is given", ExitCode.Usage);
        }

        return [.. Addresses().SelectMany(address => new ListenAddress(address, byTls: false).Resolve(Math.Max(port, 0)))];
    }

    private IReadOnlyList<string> Addresses()
        => parsed.GetValue(options.Listen) is { Length: > 0 } lists
            ? [.. lists.SelectMany(list => list.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries))]
            : [Loopback];

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
