using System.Net;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>The server that clients go to, and the one that they go to when it is gone.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly Server _first;
    private readonly Server? _second;
    private readonly ServicesTable? _table;
    private readonly CancellationTokenSource _moved = new();
    private volatile Server _server;

    private Cluster(Server first, Server? second, ServicesTable? table)
    {
        (_first, _second, _table) = (first, second, table);
        _server = first;
    }

    /// <summary>The one that clients go to.</summary>
    public Server Server => _server;

    public EndPoint EndPoint => _server.EndPoint;

    /// <summary>The one that clients go to first.</summary>
    public Server First => _first;

    /// <summary>The one that they go to when that is gone; null if there is none.</summary>
    public Server? Standby => _second;

    /// <summary>Is cancelled when they go there.</summary>
    public CancellationToken Moved => _moved.Token;

    public static Cluster Create(ServerSettings settings, bool hasTwo, int members, Func<ServerSettings, Server> create)
    {
        if (!hasTwo)
        {
            return new Cluster(create(settings), null, null);
        }

        var table = new ServicesTable(members);
        settings = settings with { Database = table.Url };
        return new Cluster(create(settings), create(settings), table);
    }

    public Task StartAsync() => Task.WhenAll(_first.StartAsync(), _second?.StartAsync() ?? Task.CompletedTask);

    /// <summary>Kills the first; its clients notice when they next connect.</summary>
    public async Task MoveAsync()
    {
        _server = _second!;
        await _moved.CancelAsync();
        await _first.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        if (_second is not null)
        {
            await _second.DisposeAsync();
        }

        _table?.Dispose();
        _moved.Dispose();
    }
}
