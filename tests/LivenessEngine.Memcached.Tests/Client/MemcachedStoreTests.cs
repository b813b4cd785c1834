using System.Globalization;
using System.Text;
using LivenessEngine.Memcached.Client;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Memcached.Tests.Client;

/// <summary>The store on the installed memcached.</summary>
public sealed class MemcachedStoreTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 34, 56, TimeSpan.Zero).AddTicks(1_234_560));
    private readonly ListLogger _log = new();
    private StockMemcached _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await StockMemcached.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(MemcachedKeyForm.Sha1, MemcachedValueForm.Nova)]
    [InlineData(MemcachedKeyForm.Plain, MemcachedValueForm.Nova)]
    [InlineData(MemcachedKeyForm.Sha1, MemcachedValueForm.Plain)]
    [InlineData(MemcachedKeyForm.Plain, MemcachedValueForm.Plain)]
    public async Task A_beat_is_read_back_with_its_time(MemcachedKeyForm key, MemcachedValueForm value)
    {
        await using MemcachedStore store = Open(options => (options.KeyForm, options.ValueForm) = (key, value));
        MemberName[] names = Stores.Members(1000);
        DateTimeOffset beat = _time.GetUtcNow();
        await store.JoinAsync(names, Cancel);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.All(await store.ReadAsync(names, Cancel), evidence =>
        {
            Assert.InRange((evidence.LastSeen!.Value - beat).Duration(), TimeSpan.Zero, TimeSpan.FromMicroseconds(1));
            Assert.InRange((evidence.Age!.Value - TimeSpan.FromSeconds(7)).Duration(), TimeSpan.Zero, TimeSpan.FromMicroseconds(2));
        });
    }

    [Fact]
    public async Task Answers_stand_in_the_order_of_the_names_and_who_never_beat_has_none()
    {
        await using MemcachedStore store = Open();
        MemberName[] names = Stores.Members(2500);
        await store.BeatAsync([.. names.Where((_, i) => i % 3 == 0)], Cancel);
        MemberName[] asked = [.. names, names[3], names[3], names[4]];
        IReadOnlyList<Evidence> evidence = await store.ReadAsync(asked, Cancel);
        Assert.Equal(asked.Length, evidence.Count);
        for (int i = 0; i < names.Length; i++)
        {
            Assert.Equal(i % 3 == 0, evidence[i].Age is not null);
            Assert.Equal(i % 3 == 0, evidence[i].LastSeen is not null);
        }

        Assert.NotNull(evidence[2500].Age);
        Assert.NotNull(evidence[2501].Age);
        Assert.Null(evidence[2502].Age);
    }

    [Fact]
    public async Task Nobody_at_all()
    {
        await using MemcachedStore store = Open();
        Assert.Empty(await store.ReadAsync([], Cancel));
        Assert.Empty(await store.BeatAsync([], Cancel));
        Assert.Empty(await store.ListAsync(null, Cancel));
    }

    [Fact]
    public async Task Silence_as_long_as_the_service_down_time_is_still_up()
    {
        await using MemcachedStore store = Open();
        MemberName[] names = Stores.Members(1);
        await store.JoinAsync(names, Cancel);
        TimeSpan downTime = TimeSpan.FromSeconds(60);

        // ct is a double: a quarter of a microsecond is what it can tell apart.
        _time.Advance(downTime - TimeSpan.FromMicroseconds(1));
        Assert.Equal(MemberState.Up, (await store.ReadAsync(names, Cancel))[0].Verdict(downTime));
        _time.Advance(TimeSpan.FromMicroseconds(2));
        Assert.Equal(MemberState.Down, (await store.ReadAsync(names, Cancel))[0].Verdict(downTime));
    }

    [Fact]
    public async Task A_time_that_lies_ahead_is_now()
    {
        await using MemcachedStore store = Open();
        MemberName[] names = Stores.Members(1);
        await store.JoinAsync(names, Cancel);
        DateTimeOffset beat = _time.GetUtcNow();
        var behind = new FakeTimeProvider(beat - TimeSpan.FromHours(1));
        await using MemcachedStore reader = Stores.With(_ => { }, behind, null, _server.Server);
        Evidence evidence = (await reader.ReadAsync(names, Cancel))[0];
        Assert.Equal(TimeSpan.Zero, evidence.Age);
        Assert.Equal(beat, evidence.LastSeen);
    }

    [Fact]
    public async Task What_is_no_heartbeat_counts_as_none_is_told_once_and_hides_nobody()
    {
        await using MemcachedStore store = Open();
        MemberName[] names = Stores.Members(6);
        await store.JoinAsync(names, Cancel);
        await SetAsync(names[1], 1, "cos\nsystem\n(S'true'\ntR.");
        await SetAsync(names[2], 0, "node2 4711");
        await SetAsync(names[3], 1, new string('x', 100_000));
        await SetAsync(names[4], 0, "");
        for (int i = 0; i < 3; i++)
        {
            IReadOnlyList<Evidence> evidence = await store.ReadAsync(names, Cancel);
            Assert.Equal([true, false, false, false, false, true], evidence.Select(member => member.Age is not null));
        }

        Assert.Equal(4, _log.Lines.Length);
        Assert.All(_log.Lines, line => Assert.Contains($"memcached at {_server.Server}: what is stored for compute:node", line, StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("a pickle that names 'os system' at byte 1", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("'node2 4711' with flags 0", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.Contains("100000 bytes", StringComparison.Ordinal));

        // A heartbeat ends it, and if it begins again it is told again.
        await store.BeatAsync(names, Cancel);
        Assert.All(await store.ReadAsync(names, Cancel), evidence => Assert.NotNull(evidence.Age));
        await SetAsync(names[2], 0, "node2 4711");
        await store.ReadAsync(names, Cancel);
        Assert.Equal(5, _log.Lines.Length);
    }

    [Fact]
    public async Task Who_leaves_is_gone()
    {
        await using MemcachedStore store = Open();
        MemberName[] names = Stores.Members(2);
        await store.JoinAsync(names, Cancel);
        Assert.True(await store.RemoveAsync(names[0], Cancel));
        Assert.False(await store.RemoveAsync(names[0], Cancel));
        Assert.Null((await store.ReadAsync(names, Cancel))[0].Age);
        Assert.Equal(names[1], Assert.Single(await store.ListAsync("compute", Cancel)).Name);
    }

    [Fact]
    public async Task Those_who_are_known_here_are_listed()
    {
        await using MemcachedStore store = Open();
        await using MemcachedStore other = Open();
        MemberName[] compute = Stores.Members(3);
        MemberName[] network = Stores.Members(2, "network");
        await store.JoinAsync([.. compute[..2], .. network], Cancel);
        await other.JoinAsync([compute[2]], Cancel);
        Assert.Equal(compute[..2].ToHashSet(), (await store.ListAsync("compute", Cancel)).Select(member => member.Name).ToHashSet());
        Assert.Equal(4, (await store.ListAsync(null, Cancel)).Count);

        // Who was asked for is known, if he has ever beaten.
        await store.ReadAsync([compute[2], new MemberName("nobody", "compute")], Cancel);
        Assert.Equal(compute.ToHashSet(), (await store.ListAsync("compute", Cancel)).Select(member => member.Name).ToHashSet());
    }

    [Fact]
    public async Task Our_own_server_lists_those_who_joined_elsewhere()
    {
        await using var engine = new ServiceGroup();
        await using MemcachedServer server = OurServer.Start(engine);
        engine.Heartbeat("node1", "compute");
        engine.Heartbeat("node2", "network");
        await using MemcachedStore store = Stores.Of(server.EndPoints[0].ToString()!);
        (MemberName name, Evidence evidence) = Assert.Single(await store.ListAsync("compute", Cancel));
        Assert.Equal(new MemberName("node1", "compute"), name);
        Assert.Equal(MemberState.Up, evidence.Verdict(TimeSpan.FromSeconds(60)));
        Assert.InRange(evidence.LastSeen!.Value, DateTimeOffset.UtcNow - TimeSpan.FromSeconds(20), DateTimeOffset.UtcNow);
        Assert.Equal(2, (await store.ListAsync(null, Cancel)).Count);
    }

    [Fact]
    public async Task Over_a_unix_socket()
    {
        using var folder = new TemporaryFolder();
        var options = new MemcachedServerOptions();
        options.Listeners.Add(new System.Net.Sockets.UnixDomainSocketEndPoint(folder["server"]));
        await using var engine = new ServiceGroup();
        await using var server = new MemcachedServer(engine, options);
        server.Start();
        await using MemcachedStore store = Stores.Of($"unix:{folder["server"]}");
        await store.JoinAsync(Stores.Members(300), Cancel);
        Assert.All(await store.ReadAsync(Stores.Members(300), Cancel), evidence => Assert.NotNull(evidence.Age));
    }

    [Fact]
    public async Task Over_the_newer_internet_protocol()
    {
        var options = new MemcachedServerOptions();
        options.Listeners.Add(new System.Net.IPEndPoint(System.Net.IPAddress.IPv6Loopback, 0));
        await using var engine = new ServiceGroup();
        await using var server = new MemcachedServer(engine, options);
        server.Start();
        await using MemcachedStore store = Stores.Of(server.EndPoints[0].ToString()!);
        await store.JoinAsync(Stores.Members(3), Cancel);
        Assert.All(await store.ReadAsync(Stores.Members(3), Cancel), evidence => Assert.NotNull(evidence.Age));
    }

    [Fact]
    public async Task A_server_that_is_started_anew_is_used_again_without_a_fault()
    {
        await using MemcachedStore store = Open();
        MemberName[] names = Stores.Members(500);
        await store.JoinAsync(names, Cancel);
        await _server.StopAsync();
        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.BeatAsync(names, Cancel));
        Assert.Contains(_server.Server, fault.Message, StringComparison.Ordinal);
        await _server.StartAgainAsync();
        await store.BeatAsync(names, Cancel);
        Assert.All(await store.ReadAsync(names, Cancel), evidence => Assert.NotNull(evidence.Age));

        // Between two calls: the connection that lay idle is found closed, and nobody sees it.
        await _server.StopAsync();
        await _server.StartAgainAsync();
        await store.BeatAsync(names, Cancel);
        Assert.All(await store.ReadAsync(names, Cancel), evidence => Assert.NotNull(evidence.Age));
    }

    [Fact]
    public async Task Many_callers_at_once()
    {
        await using MemcachedStore store = Open(options =>
        {
            options.PoolSize = 4;
            options.SocketTimeout = TimeSpan.FromSeconds(20);
        });
        await Parallel.ForAsync(0, 200, Cancel, async (i, cancel) =>
        {
            MemberName[] names = Stores.Members(1 + (i * 7 % 900), $"group{i}");
            await store.BeatAsync(names, cancel);
            IReadOnlyList<Evidence> evidence = await store.ReadAsync(names, cancel);
            Assert.All(evidence, member => Assert.NotNull(member.Age));
        });
    }

    [Fact]
    public async Task A_service_group_over_it()
    {
        await using ServiceGroup group = MemcachedServiceGroup.Create(Stores.Options(_server.Server), new ServiceGroupOptions { Tick = TimeSpan.FromMilliseconds(5) });
        using Membership member = group.Join("node1", "compute");
        await Eventually.True(async () => await group.IsUpAsync("node1", "compute", Cancel), "the member is up");
        Assert.Equal("node1", Assert.Single(await group.MembersAsync("compute", Cancel)).Member);
        Assert.True(await group.LeaveAsync("node1", "compute", Cancel));
        Assert.Equal(MemberState.Unknown, group.StateOf("node1", "compute"));
        Assert.Throws<ArgumentException>(() => MemcachedServiceGroup.Create(new MemcachedOptions()));
    }

    private MemcachedStore Open(Action<MemcachedOptions>? change = null) => Stores.With(change ?? (_ => { }), _time, _log, _server.Server);

    private async Task SetAsync(MemberName name, uint flags, string value)
    {
        string key = Encoding.ASCII.GetString(NovaKey.Of(name, MemcachedKeyForm.Sha1));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", _server.Port, Cancel);
        await using System.Net.Sockets.NetworkStream stream = client.GetStream();
        string command = string.Create(CultureInfo.InvariantCulture, $"set {key} {flags} 0 {value.Length}\r\n{value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command), Cancel);
        Assert.Equal("STORED", await new StreamReader(stream).ReadLineAsync(Cancel));
    }
}
