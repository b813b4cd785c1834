using System.Globalization;
using System.Net;

namespace LivenessEngine.Daemon.Serving;

/// <summary>What the daemon says to whoever started it by hand.</summary>
internal static class Announcement
{
    public static void Write(TextWriter writer, IReadOnlyList<EndPoint> endPoints, IReadOnlyList<IPEndPoint> udp, TimeSpan serviceDownTime)
    {
        IEnumerable<string> addresses = [.. endPoints.Select(endPoint => endPoint.ToString()!), .. udp.Select(endPoint => $"udp {endPoint}")];
        string server = endPoints.Count == 0 ? udp[0].ToString() : endPoints[0] is IPEndPoint ? endPoints[0].ToString()! : $"unix:{endPoints[0]}";
        string seconds = serviceDownTime.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        writer.WriteLine($"liveness listens on {string.Join(", ", addresses)}; a member is down after {seconds} s of silence.");
        writer.WriteLine($"  Nova:     servicegroup_driver = mc  and  memcached_servers = {server}  in nova.conf");
        writer.WriteLine($"  a member: liveness join compute {Environment.MachineName} --server {server}");
        writer.WriteLine($"  who is up: liveness status --server {server}");
        writer.WriteLine("Stop it with Ctrl+C.");
    }
}
