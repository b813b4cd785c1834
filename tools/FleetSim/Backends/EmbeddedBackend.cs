namespace LivenessEngine.Tools.FleetSim.Backends;

/// <summary>The engine inside this process: nodes beat by handle or by name.</summary>
internal sealed class EmbeddedBackend : IBackend
{
    private readonly Fleet _fleet;
    private readonly ServiceGroup _group;
    private readonly string[] _names;
    private readonly Membership[] _memberships;
    private long _asking;

    public EmbeddedBackend(Fleet fleet)
    {
        _fleet = fleet;
        _group = new ServiceGroup(new ServiceGroupOptions { ReportInterval = fleet.Options.ReportInterval, ServiceDownTime = fleet.Options.ServiceDownTime });
        _names = [.. Enumerable.Range(0, fleet.Options.Nodes).Select(Nodes.NameOf)];
        _memberships = new Membership[_names.Length];
    }

    public int Connections => 0;

    public Task StartAsync()
    {
        for (int node = 0; node < _names.Length; node++)
        {
            _memberships[node] = _group.Join(_names[node], Fleet.Group);

            // It beats when the simulator says so, and not by itself.
            _memberships[node].Dispose();
        }

        return Task.CompletedTask;
    }

    public void Beat(int node)
    {
        if (_fleet.Options.ByName)
        {
            _group.Heartbeat(_names[node], Fleet.Group);
        }
        else
        {
            _memberships[node].Heartbeat();
        }

        _fleet.Book.Sent(node);
        _fleet.Book.Accept(node);
    }

    public void Turn(TimeSpan until)
    {
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

    // All that this process does but for the questions: the beats, the engine's ticks, and the simulator's own schedule.
    public TimeSpan Cpu() => Environment.CpuUsage.TotalTime - TimeSpan.FromTicks(Interlocked.Read(ref _asking));

    public long ResidentBytes() => ProcessFamily.ResidentBytes(Environment.ProcessId);

    public ValueTask DisposeAsync() => _group.DisposeAsync();
}
