namespace LivenessEngine.Tools.FleetSim.Backends;

/// <summary>The engine inside this process: nodes beat by themselves, by handle or by name.</summary>
internal sealed class EmbeddedBackend : IBackend
{
    // The engine's ticks, and a machine that stands still for a moment.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private readonly Fleet _fleet;
    private readonly ServiceGroup _group;
    private readonly string[] _names;
    private readonly Membership[] _memberships;
    private readonly List<int> _due = [];
    private TimeSpan _beating;

    // In ticks of a TimeSpan; the reader's thread adds, the thread of beats reads.
    private long _asking;

    public EmbeddedBackend(Fleet fleet)
    {
        _fleet = fleet;
        _group = new ServiceGroup(new ServiceGroupOptions { ReportInterval = fleet.Options.ReportInterval, ServiceDownTime = fleet.Options.ServiceDownTime });
        _names = [.. Enumerable.Range(0, fleet.Options.Nodes).Select(Nodes.NameOf)];
        _memberships = new Membership[_names.Length];
    }

    public int Connections => 0;

    private bool BeatsByItself => _fleet.Options.BeatsByItself;

    public Task StartAsync()
    {
        for (int node = 0; node < _names.Length; node++)
        {
            _memberships[node] = _group.Join(_names[node], Fleet.Group);

            if (!BeatsByItself)
            {
                // It beats when the simulator says so.
                _memberships[node].Dispose();
            }
        }

        return Task.CompletedTask;
    }

    public void Beat(int node) => _due.Add(node);

    public void Kill(int node) => _memberships[node].Dispose();

    public int CountBeating()
    {
        TimeSpan longest = _fleet.Options.ReportInterval + Slack;
        return Enumerable.Range(0, _names.Length).Count(
            node => _fleet.Oracle.IsAlive(node) && DateTimeOffset.UtcNow - _group.LastSeen(_names[node], Fleet.Group) <= longest);
    }

    public void Turn(TimeSpan until)
    {
        Beat();
        foreach (int node in _due)
        {
            _fleet.Book.Sent(node);
            _fleet.Book.Accept(node);
        }

        _due.Clear();
        TimeSpan left = until - _fleet.Clock.Now;
        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left);
        }
    }

    public void Ask()
    {
        TimeSpan before = ThreadCpu.Now;
        for (int node = 0; node < _names.Length; node++)
        {
            TimeSpan asked = _fleet.Clock.Now;
            bool isUp = _group.IsUp(_names[node], Fleet.Group);
            _fleet.Oracle.Judge(node, isUp, asked, _fleet.Clock.Now);
        }

        Interlocked.Add(ref _asking, (ThreadCpu.Now - before).Ticks);
    }

    // All that this process does but for the questions, and for what the thread of beats, which asks here, does beside the
    // beats: so with the engine's ticks, the collector and the compiler.
    public TimeSpan Cpu()
    {
        TimeSpan schedule = ThreadCpu.Now - _beating;
        return Environment.CpuUsage.TotalTime - TimeSpan.FromTicks(Interlocked.Read(ref _asking)) - schedule;
    }

    public long ResidentBytes() => ProcessFamily.ResidentBytes(Environment.ProcessId);

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private void Beat()
    {
        TimeSpan before = ThreadCpu.Now;
        if (_fleet.Options.Reports == EmbeddedReports.Name)
        {
            foreach (int node in _due)
            {
                _group.Heartbeat(_names[node], Fleet.Group);
            }
        }
        else
        {
            foreach (int node in _due)
            {
                _memberships[node].Heartbeat();
            }
        }

        _beating += ThreadCpu.Now - before;
    }
}
