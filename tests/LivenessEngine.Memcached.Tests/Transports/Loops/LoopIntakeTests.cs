using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

public sealed class LoopIntakeTests
{
    private static readonly MemcachedTransport[] Transports = [MemcachedTransport.Epoll, MemcachedTransport.IoUring];

    // More than one turn takes, as far as the system lets clients wait to be accepted.
    private static readonly int Many = OperatingSystem.IsLinux()
        ? Math.Min(600, int.Parse(File.ReadAllText("/proc/sys/net/core/somaxconn"), CultureInfo.InvariantCulture))
        : 600;

    public static readonly TheoryData<MemcachedTransport, int, int> Cases = new MatrixTheoryData<MemcachedTransport, int, int>(Transports, [1, 2, 4], [1, Many]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_answers_when_what_had_come_from_everybody_is_taken_in(MemcachedTransport transport, int threads, int clients)
    {
        await using var server = new LoopServer(transport, threads);
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => server.ConnectAsync()));
        await Eventually.True(() => server.Connections == clients, "they are served");
        using var loop = new BlockedLoop(server);
        await loop.BlockAsync();
        Report(sockets);

        Task<int> seen = AskHowManyAreSeenAsync(server);
        await Task.Delay(50, Stop);
        Assert.False(seen.IsCompleted);
        loop.Free();

        Assert.Equal(clients, await seen.WaitAsync(Eventually.Deadline, Stop));
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Those_count_too_who_were_not_accepted_yet(MemcachedTransport transport, int threads, int clients)
    {
        await using var server = new LoopServer(transport, threads);
        using var loop = new BlockedLoop(server);
        await loop.BlockAsync();
        Socket[] sockets = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => server.ConnectAsync()));
        Report(sockets);

        Task<int> seen = AskHowManyAreSeenAsync(server);
        loop.Free();

        Assert.Equal(clients, await seen.WaitAsync(Eventually.Deadline, Stop));
        Array.ForEach(sockets, socket => socket.Dispose());
    }

    [Fact]
    public async Task It_can_be_asked_again_and_again()
    {
        await using var server = new LoopServer(MemcachedTransport.Epoll, threads: 3);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(0, await AskHowManyAreSeenAsync(server).WaitAsync(Eventually.Deadline, Stop));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_answers_while_clients_ask_and_come_and_go_without_end(MemcachedTransport transport, int threads, int clients)
    {
        await using var server = new LoopServer(transport, threads);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task[] asking = [.. Enumerable.Range(0, clients).Select(async _ =>
        {
            using Socket client = await server.ConnectAsync();
            while (!stop.IsCancellationRequested)
            {
                await client.SendAsync("version\r\n"u8.ToArray(), Stop);
                await client.ReceiveAsync(new byte[100], Stop);
            }
        })];
        Task coming = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                (await server.ConnectAsync()).Dispose();
            }
        }, Stop);
        for (int i = 0; i < 5; i++)
        {
            await AskHowManyAreSeenAsync(server).WaitAsync(Eventually.Deadline, Stop);
        }

        await stop.CancelAsync();
        await Task.WhenAll([coming, .. asking]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_time_counts_while_a_loop_serves_nobody(int threads)
    {
        await using var engine = new Engine(new EngineOptions { ServiceDownTime = TimeSpan.FromSeconds(3) }, new TableOptions());
        await using var server = new LoopServer(MemcachedTransport.Epoll, threads, engine: engine);
        using var loop = new BlockedLoop(server);
        await loop.BlockAsync();

        await Eventually.True(() => engine.Clock.IsSuspended && engine.Intakes.Behind == 1, "it is noticed");
        long uncounted = engine.Clock.Uncounted;
        await Eventually.True(() => engine.Clock.Uncounted > uncounted + TimeSpan.TicksPerSecond, "time is not counted");

        loop.Free();
        await Eventually.True(() => !engine.Clock.IsSuspended && engine.Intakes.Behind == 0, "it counts again");
    }

    [Fact]
    public async Task A_server_that_has_ended_holds_nothing_up()
    {
        await using var engine = new Engine(new EngineOptions { ServiceDownTime = TimeSpan.FromSeconds(1) }, new TableOptions());
        for (int i = 0; i < 10; i++)
        {
            await using var server = new LoopServer(MemcachedTransport.Epoll, threads: 2, engine: engine);
            await Task.Delay(30, Stop);
        }

        // Longer than a question that nobody answers may stay open.
        long ended = engine.Clock.Read().Liveness;
        await Eventually.True(() => engine.Clock.Read().Liveness > ended + TimeSpan.TicksPerSecond, "time counts");
    }

    private static void Report(Socket[] clients)
    {
        for (int i = 0; i < clients.Length; i++)
        {
            clients[i].Send(Bytes.Of($"set compute:node{i} 0 0 1\r\n1\r\n"));
        }
    }

    // As many as have reported by the moment of the answer.
    private static Task<int> AskHowManyAreSeenAsync(LoopServer server)
    {
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Transport.Ask(() => seen.SetResult(server.Engine.Seen(null).Count()));
        return seen.Task;
    }

    /// <summary>A loop, the one that accepts if nobody else is there yet, which has no time for anybody while a client of ours is served.</summary>
    private sealed class BlockedLoop : IDisposable
    {
        private readonly EndPoint _endPoint;
        private readonly ManualResetEventSlim _free = new();
        private readonly TaskCompletionSource _isBlocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Socket? _client;

        public BlockedLoop(LoopServer server) => _endPoint = server.Transport.Listen(new IPEndPoint(IPAddress.Loopback, 0), _ =>
        {
            _isBlocked.SetResult();
            _free.Wait();
            return Task.CompletedTask;
        });

        public async Task BlockAsync()
        {
            _client = await ClientSocket.OpenAsync(_endPoint);
            await _isBlocked.Task.WaitAsync(Eventually.Deadline, Stop);
        }

        public void Free() => _free.Set();

        public void Dispose()
        {
            Free();
            _client?.Dispose();
        }
    }
}
