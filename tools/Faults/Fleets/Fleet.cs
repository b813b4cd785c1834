using System.Net;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>Members that beat over sockets of their own, each connection at its own moments of the interval.</summary>
internal sealed class Fleet
{
    private readonly FleetConnection[] _connections;

    public Fleet(Nodes nodes, int connections, Func<EndPoint> server, Scale scale, Ledger ledger, ReplyTimes replies, RunClock clock)
    {
        Nodes = nodes;
        _connections = [.. Enumerable.Range(0, connections).Select(index => new FleetConnection(
            [.. Enumerable.Range(0, nodes.Count).Where(number => number % connections == index)],
            scale.ReportInterval * index / connections,
            nodes,
            scale,
            ledger,
            new Line(server, replies, clock),
            clock))];
    }

    public Nodes Nodes { get; }

    /// <summary>Replies that were not STORED.</summary>
    public long Refusals => _connections.Sum(connection => connection.Refusals);

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(_connections.Select(connection => connection.RunAsync(stop)));
}
