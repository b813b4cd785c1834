using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>
/// One address of <c>-l</c>, as memcached writes it: <c>[notls:|mtls:][proto[ascii|binary|negotiating]:]host[:port]</c>, where
/// a v6 address with a port stands in brackets and <c>*</c> is every address.
/// </summary>
/// <param name="text">What was given.</param>
/// <param name="byTls">Whether there is TLS (-Z).</param>
internal sealed class ListenAddress(string text, bool byTls)
{
    private const string NoTls = "notls:", MutualTls = "mtls:", Protocol = "proto[";

    /// <param name="defaultPort">Where the address names none.</param>
    /// <exception cref="UsageException">It is no such address; the message names it and what is allowed.</exception>
    public IEnumerable<MemcachedListener> Resolve(int defaultPort)
    {
        string address = text;
        MemcachedTls? tls = TakeTls(ref address);
        MemcachedProtocol? protocol = TakeProtocol(ref address);
        return EndPoints(address, defaultPort).Select(endPoint => new MemcachedListener(endPoint) { Tls = tls, Protocol = protocol });
    }

    private MemcachedTls? TakeTls(ref string address)
    {
        bool off = address.StartsWith(NoTls, StringComparison.Ordinal);
        if (!off && !address.StartsWith(MutualTls, StringComparison.Ordinal))
        {
            return null;
        }

        string prefix = off ? NoTls : MutualTls;
        if (!byTls)
        {
            throw new UsageException($"'{prefix[..^1]}' option is valid only when SSL is enabled (-l {text}, without -Z)", ExitCode.OperatingSystem);
        }

        address = address[prefix.Length..];
        return off ? MemcachedTls.Off : MemcachedTls.Mutual;
    }

    private MemcachedProtocol? TakeProtocol(ref string address)
    {
        if (!address.StartsWith(Protocol, StringComparison.Ordinal))
        {
            return null;
        }

        int end = address.IndexOf("]:", StringComparison.Ordinal);
        string name = end < 0 ? "" : address[Protocol.Length..end];
        address = address[(end + 2)..];
        return name switch
        {
            "ascii" => MemcachedProtocol.Ascii,
            "binary" => MemcachedProtocol.Binary,
            "negotiating" => MemcachedProtocol.Auto,
            _ => throw new UsageException(
                $"Invalid protocol spec: \"{text}\"; allowed are proto[ascii]:, proto[binary]: and proto[negotiating]: before an address", ExitCode.OperatingSystem),
        };
    }

    private IEnumerable<EndPoint> EndPoints(string address, int defaultPort)
    {
        string host;
        int port;
        try
        {
            (host, port) = ServerAddress.Split(address, defaultPort);
        }
        catch (FormatException fault)
        {
            throw new UsageException($"-l: {fault.Message}", ExitCode.Usage);
        }

        if (host == "*")
        {
            return EveryAddress(port);
        }

        if (IPAddress.TryParse(host, out IPAddress? known))
        {
            return [new IPEndPoint(known, port)];
        }

        try
        {
            return Dns.GetHostAddresses(host).Distinct().Select(resolved => new IPEndPoint(resolved, port));
        }
        catch (SocketException fault)
        {
            throw new UsageException($"failed to listen on one of interface(s) {text}: {fault.Message}", ExitCode.OperatingSystem);
        }
    }

    // A free port is one for both only where the system has both under one socket, which memcached does not ask for either.
    private static IEnumerable<EndPoint> EveryAddress(int port)
        => Socket.OSSupportsIPv6 ? [new IPEndPoint(IPAddress.Any, port), new IPEndPoint(IPAddress.IPv6Any, port)] : [new IPEndPoint(IPAddress.Any, port)];
}
