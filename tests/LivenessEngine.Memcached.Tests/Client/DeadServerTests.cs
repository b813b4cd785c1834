using LivenessEngine.Memcached.Client;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Memcached.Tests.Client;

/// <summary>Two servers, one of which dies and comes back.</summary>
public sealed class DeadServerTests : IAsyncLifetime
{
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MemberName[] _names = Stores.Members(200);
    private StockMemcached _first = null!;
    private StockMemcached _second = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await StockMemcached.StartAsync();
        _second = await StockMemcached.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(MemcachedPlacement.Crc32)]
    [InlineData(MemcachedPlacement.Rendezvous)]
    [InlineData(MemcachedPlacement.KetamaEnyim)]
    public async Task Beats_go_to_the_other_one_in_the_same_call(MemcachedPlacement placement)
    {
        await using MemcachedStore store = Open(placement);
        await store.JoinAsync(_names, Cancel);
        await _first.StopAsync();
        await store.BeatAsync(_names, Cancel);
        await AllUpAsync(store);
    }

    [Theory]
    [InlineData(MemcachedPlacement.Crc32)]
    [InlineData(MemcachedPlacement.Rendezvous)]
    public async Task Nobody_is_called_silent_who_need_not_have_beaten_since_it_died(MemcachedPlacement placement)
    {
        await using MemcachedStore store = Open(placement);
        await store.JoinAsync(_names, Cancel);
        await _first.StopAsync();
        for (int i = 0; i < 3; i++)
        {
            HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.ReadAsync(_names, Cancel));
            Assert.Contains(_first.Server, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(_second.Server, fault.Message, StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        // Whoever lives has beaten elsewhere by now.
        MemberName[] living = _names[..100];
        await store.BeatAsync(living, Cancel);
        _time.Advance(TimeSpan.FromSeconds(1));
        IReadOnlyList<Evidence> evidence = await store.ReadAsync(_names, Cancel);
        Assert.All(evidence.Take(100), member => Assert.Equal(MemberState.Up, member.Verdict(DownTime)));
        Assert.All(evidence.Skip(100), member => Assert.NotEqual(MemberState.Up, member.Verdict(DownTime)));
    }

    [Theory]
    [InlineData(MemcachedPlacement.Crc32)]
    [InlineData(MemcachedPlacement.Rendezvous)]
    [InlineData(MemcachedPlacement.KetamaEnyim)]
    public async Task When_it_is_back_those_who_beat_elsewhere_are_still_up(MemcachedPlacement placement)
    {
        await using MemcachedStore store = Open(placement);
        await store.JoinAsync(_names, Cancel);
        await _first.StopAsync();
        await store.BeatAsync(_names, Cancel);
        await _first.StartAgainAsync();
        await AllUpAsync(store);

        // Tried again, and empty.
        _time.Advance(TimeSpan.FromSeconds(31));
        await AllUpAsync(store);
        await AllUpAsync(store);
        await store.BeatAsync(_names, Cancel);
        await AllUpAsync(store);
    }

    [Fact]
    public async Task It_is_left_alone_for_the_dead_retry()
    {
        int asked = 0;
        await using var bad = new FakeServer(async session =>
        {
            Interlocked.Increment(ref asked);
            await session.ReadAsync();
            await session.WriteAsync("ERROR\r\n");
        });
        await using MemcachedStore store = Stores.With(_ => { }, _time, null, bad.Server, _second.Server);
        await store.BeatAsync(_names, Cancel);
        await store.BeatAsync(_names, Cancel);
        Assert.Equal(1, asked);
        _time.Advance(TimeSpan.FromSeconds(30));
        await store.BeatAsync(_names, Cancel);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task With_ketama_its_members_are_an_error_that_names_it_and_the_others_are_served()
    {
        await using MemcachedStore store = Open(MemcachedPlacement.Ketama);
        await _first.StopAsync();
        HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.BeatAsync(_names, Cancel));
        Assert.Contains(_first.Server, fault.Message, StringComparison.Ordinal);
        int up = 0;
        foreach (MemberName name in _names)
        {
            try
            {
                up += (await store.ReadAsync([name], Cancel))[0].Age is null ? 0 : 1;
            }
            catch (HeartbeatStoreException)
            {
                // Of the dead one.
            }
        }

        Assert.InRange(up, 50, 150);
        await _first.StartAgainAsync();
        _time.Advance(TimeSpan.FromSeconds(31));
        await store.BeatAsync(_names, Cancel);
        await AllUpAsync(store);
    }

    [Fact]
    public async Task With_both_dead_both_are_tried_with_every_call_and_both_are_named()
    {
        await using MemcachedStore store = Open(MemcachedPlacement.Crc32);
        await _first.StopAsync();
        await _second.StopAsync();
        for (int i = 0; i < 3; i++)
        {
            HeartbeatStoreException fault = await Assert.ThrowsAsync<HeartbeatStoreException>(() => store.BeatAsync(_names, Cancel));
            Assert.Contains(_first.Server, fault.Message, StringComparison.Ordinal);
            Assert.Contains(_second.Server, fault.Message, StringComparison.Ordinal);
        }

        await _second.StartAgainAsync();
        await store.BeatAsync(_names, Cancel);
        await AllUpAsync(store);
    }

    private MemcachedStore Open(MemcachedPlacement placement)
        => Stores.With(options => options.Placement = placement, _time, null, _first.Server, _second.Server);

    private async Task AllUpAsync(MemcachedStore store)
        => Assert.All(await store.ReadAsync(_names, Cancel), evidence => Assert.Equal(MemberState.Up, evidence.Verdict(DownTime)));
}
