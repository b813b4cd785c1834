using System.Net;
using LivenessEngine.Memcached;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Wire.Servers;

/// <summary>Our server in this process, behind a real socket, on a clock of its own.</summary>
internal sealed class SocketServer : WireServer
{
    private readonly TestEngine _engine;
    private readonly MemcachedServer _server;

    public SocketServer(EndPoint endPoint, IReadOnlyList<string> flags, MemcachedTransport transport)
    {
        _engine = new TestEngine(OurOptions.Table(flags));
        MemcachedServerOptions options = OurOptions.Server(flags);
        options.Listeners.Add(endPoint);
        options.Transport = transport;
        _server = new MemcachedServer(_engine.Engine, options, NullLogger.Instance);
        _server.Start();
    }

    public override Flavour Flavour => Flavour.Ours;

    public override long UnixSeconds => _engine.UnixSeconds;

    public override Task<WireClient> ConnectAsync() => Sockets.ConnectAsync(_server.EndPoints[0]);

    public override Task PassAsync(TimeSpan time)
    {
        _engine.Pass(time);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
