using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Daemon.Serving;

/// <summary>
/// MEMCACHED_PORT_FILENAME: the file that says which ports became of -p -1 and -U -1, a line each. It appears whole, under
/// its name when it is written, as whoever waits for it expects (memcached, its tests and those of its clients).
/// </summary>
internal static class PortFile
{
    private const string Variable = "MEMCACHED_PORT_FILENAME";

    public static void Write(IEnumerable<EndPoint> tcp, IEnumerable<IPEndPoint> udp)
    {
        // A unix socket has no port, and memcached leaves the file alone then.
        string[] lines = [.. tcp.OfType<IPEndPoint>().Select(endPoint => Line("TCP", endPoint)), .. udp.Select(endPoint => Line("UDP", endPoint))];
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path || lines.Length == 0)
        {
            return;
        }

        string unfinished = $"{path}.lck";
        try
        {
            File.AppendAllLines(unfinished, lines);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Failed to open \"{unfinished}\": {fault.Message}");
        }
    }

    private static string Line(string protocol, IPEndPoint endPoint)
        => $"{protocol} {(endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? "INET6" : "INET")}: {endPoint.Port}";
}
