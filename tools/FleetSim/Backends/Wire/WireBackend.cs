using System.Globalization;
using System.Text;
using LivenessEngine.Tools.FleetSim.Runs;

namespace LivenessEngine.Tools.FleetSim.Backends.Wire;

/// <summary>A server that speaks memcached's protocol: memcached itself, or our daemon.</summary>
internal sealed class WireBackend : IBackend
{
    // One each, for all that the descriptors of this process and the ports of loopback allow.
    private const int MostConnections = 10_000;
    private const int AtOnce = 10_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    private readonly Fleet _fleet;
    private readonly Nodes _nodes;
    private readonly byte[] _value = new byte[NovaPickle.MostBytes];
    private readonly byte[] _rest = new byte[NovaPickle.MostBytes + 32];
    private int _restLength;
    private Peer? _peer;
    private WireLoop? _loop;
    private WireReader? _reader;

    public WireBackend(Fleet fleet)
    {
        _fleet = fleet;
        _nodes = new Nodes(fleet.Options.Nodes);
        Connections = Math.Min(fleet.Options.Nodes, fleet.Options.Connections > 0 ? fleet.Options.Connections : MostConnections);
    }

    public int Connections { get; }

    public Task StartAsync()
    {
        _peer = Peer.Start(_fleet.Options.Name, Command(), _fleet.Options.ServerCpu);
        _loop = new WireLoop([.. Enumerable.Range(0, Connections).Select(number => new WireLine(number, _peer.Port, _fleet.Book))]);
        _reader = new WireReader(_fleet, _nodes, _peer.Port);
        for (int first = 0; first < _nodes.Count; first += AtOnce)
        {
            for (int node = first; node < Math.Min(first + AtOnce, _nodes.Count); node++)
            {
                if (_fleet.Book.TryBegin(node, _fleet.Clock.Now))
                {
                    Beat(node);
                }
            }

            for (_restLength = 0; _fleet.Book.UnderWay > 0;)
            {
                _loop.Turn(Poll);
            }
        }

        return Task.CompletedTask;
    }

    public void Beat(int node)
    {
        if (_restLength == 0)
        {
            // The nodes of one tick beat at one time.
            int length = NovaPickle.Write(DateTime.UtcNow, _value);
            _restLength = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {NovaPickle.Flags} 0 {length}\r\n"), _rest);
            _value.AsSpan(0, length).CopyTo(_rest.AsSpan(_restLength));
            _restLength += length;
            "\r\n"u8.CopyTo(_rest.AsSpan(_restLength));
            _restLength += 2;
        }

        _loop!.LineOf(node).Add(node, _nodes.KeyOf(node), _rest.AsSpan(0, _restLength));
    }

    public void Turn(TimeSpan until)
    {
        _restLength = 0;
        do
        {
            _loop!.Turn(until - _fleet.Clock.Now);
        }
        while (_fleet.Clock.Now < until);
    }

    public void Ask() => _reader!.Ask();

    public TimeSpan Cpu() => ProcessFamily.Cpu(_peer!.Pid);

    public long ResidentBytes() => ProcessFamily.ResidentBytes(_peer!.Pid);

    public ValueTask DisposeAsync()
    {
        _loop?.Dispose();
        _reader?.Dispose();
        _peer?.Dispose();
        return default;
    }

    // As much memory as a fleet of a million needs, for both; and a thread, for there is one core.
    private string Command()
    {
        FleetOptions options = _fleet.Options;
        string common = string.Create(CultureInfo.InvariantCulture, $"-l 127.0.0.1 -p {{port}} -t 1 -m 2048 -c {Connections + 100} -u {Environment.UserName}");
        return options.Backend == BackendKind.Memcached
            ? $"{options.Memcached} {common}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Liveness ?? Checkout.Daemon} {common} --state-file none --service-down-time {options.ServiceDownTime.TotalSeconds} --report-interval {options.ReportInterval.TotalSeconds}");
    }
}
