using System.Text;
using LivenessEngine.Memcached;
using LivenessEngine.Table;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Testing;

/// <summary>Our server without a network, on a clock of its own: what a client sends is answered before the call returns.</summary>
internal sealed class MemoryServer : IAsyncDisposable
{
    private readonly TestEngine _engine;
    private readonly MemoryTransport _transport = new();

    public MemoryServer(MemcachedServerOptions? options = null, TableOptions? table = null, TimeSpan? serviceDownTime = null, ILogger? logger = null)
    {
        _engine = new TestEngine(table, serviceDownTime);
        Server = new MemcachedServer(_engine.Engine, options ?? new MemcachedServerOptions(), _transport, logger ?? NullLogger.Instance);
        Server.Start();
    }

    public MemcachedServer Server { get; }

    public Engine Engine => _engine.Engine;

    public long UnixSeconds => _engine.UnixSeconds;

    /// <summary>Lets time pass, for the server and all its timers.</summary>
    public void Pass(TimeSpan time) => _engine.Pass(time);

    public void Pass(double seconds) => _engine.Pass(TimeSpan.FromSeconds(seconds));

    public MemoryConnection Connect(MemoryConnection? connection = null) => _transport.Connect(connection);

    /// <summary>One connection, one request or several, and what was answered.</summary>
    public string Ask(string requests)
    {
        MemoryConnection client = Connect();
        string replies = client.Ask(requests);
        client.EndRequests();
        return replies + Encoding.Latin1.GetString(client.TakeReplies());
    }

    /// <summary>The value of a STAT line; null if there is none of the name.</summary>
    public string? Stat(string name, string what = "")
        => Ask($"stats {what}\r\n").Split("\r\n")
            .Select(line => line.Split(' ', 3))
            .FirstOrDefault(words => words is ["STAT", _, _] && words[1] == name)?[2];

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
