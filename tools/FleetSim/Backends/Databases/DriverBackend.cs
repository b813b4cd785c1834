using System.Globalization;
using LivenessEngine.Database;
using LivenessEngine.Database.Dialects;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Tools.FleetSim.Backends.Databases;

/// <summary>A database by our driver: it takes the heartbeats of a tick together, and lists all members for a question.</summary>
internal sealed class DriverBackend(Fleet fleet) : IBackend
{
    private readonly string[] _names = [.. Enumerable.Range(0, fleet.Options.Nodes).Select(Nodes.NameOf)];
    private DatabaseServer? _server;
    private ServiceGroup? _group;

    public int Connections => 1;

    public async Task StartAsync()
    {
        _server = await DatabaseServer.StartAsync(fleet.Options.Database, fleet.Options.ServerCpu);
        var options = new DatabaseOptions { ConnectionUrl = _server.Url, CommandTimeout = TimeSpan.FromMinutes(1) };
        await using ISqlDialect dialect = SqlDialect.From(options, TimeProvider.System);
        await ServicesRows.FillAsync(dialect, _server.Schema, fleet.Options.Nodes);
        _group = DatabaseServiceGroup.Create(
            options, new ServiceGroupOptions { ReportInterval = fleet.Options.ReportInterval, ServiceDownTime = fleet.Options.ServiceDownTime });
        await Task.WhenAll(_names.Select(name => _group.HeartbeatAsync(name, Fleet.Group).AsTask()));
        await ServicesRows.RefreshAsync(dialect);
    }

    public void Beat(int node)
    {
        fleet.Book.Sent(node);
        _ = BeatAsync(node);
    }

    public void Turn(TimeSpan until)
    {
        TimeSpan left = until - fleet.Clock.Now;
        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left);
        }
    }

    public void Ask()
    {
        TimeSpan asked = fleet.Clock.Now;
        IReadOnlyList<MemberStatus> members = _group!.Members(Fleet.Group);
        TimeSpan answered = fleet.Clock.Now;
        foreach (MemberStatus member in members)
        {
            int node = int.Parse(member.Member.AsSpan("node".Length), CultureInfo.InvariantCulture);
            fleet.Oracle.Judge(node, member.State is MemberState.Up or MemberState.Suspect, asked, answered);
        }
    }

    // SQLite works inside of this process.
    public TimeSpan Cpu() => _server!.Id == 0 ? Environment.CpuUsage.TotalTime : ProcessFamily.Cpu(_server.Id);

    public long ResidentBytes() => ProcessFamily.ResidentBytes(_server!.Id == 0 ? Environment.ProcessId : _server.Id);

    public async ValueTask DisposeAsync()
    {
        if (_group is not null)
        {
            await _group.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task BeatAsync(int node)
    {
        try
        {
            await _group!.HeartbeatAsync(_names[node], Fleet.Group).ConfigureAwait(false);
            fleet.Book.Accept(node);
        }
        catch (Exception fault) when (fault is HeartbeatStoreException or ObjectDisposedException)
        {
            fleet.Book.Fail(node);
        }
    }
}
