using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Memcached.Transports;
using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Memcached.Transports.Loops;
using LivenessEngine.Memcached.Transports.Uring;
using LivenessEngine.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>Our server on loops of its own, and beside it a socket by which a test looks into the loop.</summary>
internal sealed class LoopServer : IAsyncDisposable
{
    /// <summary>What a probe is answered with.</summary>
    public const int ProbeBytes = 3 * sizeof(long);

    // Of the test's own time, where the test did not bring another.
    private readonly TestEngine? _engine;
    private readonly EndPoint _probe;

    public LoopServer(MemcachedTransport transport, int threads = 1, ILogger? logger = null, Engine? engine = null)
    {
        Assert.SkipUnless(EpollTransport.IsSupported, "only Linux has epoll");
        Assert.SkipUnless(transport != MemcachedTransport.IoUring || UringTransport.IsSupported, $"io_uring: {UringTransport.Obstacle}");
        _engine = engine is null ? new TestEngine() : null;
        Engine = engine ?? _engine!.Engine;
        var options = new MemcachedServerOptions { MaxConnections = 20_000, Listeners = { new IPEndPoint(IPAddress.Loopback, 0) } };
        var listening = new ListeningSockets(options.Backlog, options.UnixSocketMode, NullLogger.Instance);
        Transport = transport == MemcachedTransport.IoUring
            ? new UringTransport(threads, listening, Engine.Clock, NullLogger.Instance)
            : new EpollTransport(threads, listening, Engine.Clock, NullLogger.Instance);
        Server = new MemcachedServer(Engine, options, Transport, logger ?? NullLogger.Instance);
        Server.Start();
        _probe = Transport.Listen(new IPEndPoint(IPAddress.Loopback, 0), AnswerProbeAsync);
    }

    public Engine Engine { get; }

    public LoopTransport Transport { get; }

    public MemcachedServer Server { get; }

    public int Connections => Server.Context.Connections.Count;

    public void Pass(TimeSpan time) => _engine!.Pass(time);

    public async Task<Socket> ConnectAsync() => await ClientSocket.OpenAsync(Server.EndPoints[0]);

    public async Task<LoopProbe> ProbeAsync() => new(await ClientSocket.OpenAsync(_probe));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }

    // On the loop's thread, and without allocating there.
    private static async Task AnswerProbeAsync(TransportConnection transport)
    {
        PipeReader input = transport.Pipe.Input;
        PipeWriter output = transport.Pipe.Output;
        EventLoop loop = ((LoopConnection)transport).Loop;
        while (true)
        {
            ReadResult read = await input.ReadAsync().ConfigureAwait(false);
            if (read.IsCompleted || read.IsCanceled)
            {
                return;
            }

            input.AdvanceTo(read.Buffer.End);
            Span<byte> answer = output.GetSpan(ProbeBytes);
            BinaryPrimitives.WriteInt64LittleEndian(answer, GC.GetAllocatedBytesForCurrentThread());
            BinaryPrimitives.WriteInt64LittleEndian(answer[sizeof(long)..], loop.BuffersTaken);
            BinaryPrimitives.WriteInt64LittleEndian(answer[(2 * sizeof(long))..], loop.PipesLent);
            output.Advance(ProbeBytes);
            await output.FlushAsync().ConfigureAwait(false);
        }
    }
}
