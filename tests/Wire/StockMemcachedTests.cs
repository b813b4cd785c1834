using LivenessEngine.Wire.Exchanges;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire;

/// <summary>The table on the memcached of this machine: so the expectations are facts.</summary>
public sealed class StockMemcachedTests(StockMemcachedTests.Server server) : IClassFixture<StockMemcachedTests.Server>
{
    public static TheoryData<string> Names
        => [.. ExchangeTable.All.Where(exchange => !exchange.TakesTime && exchange.WhyOnlyOurs is null).Select(exchange => exchange.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Whole(string name) => await server.PlayAsync(ExchangeTable.Named(name));

    // Together: each of them waits for seconds.
    [Fact]
    public async Task What_takes_time()
        => await Task.WhenAll(ExchangeTable.All.Where(exchange => exchange.TakesTime && exchange.WhyOnlyOurs is null).Select(async exchange =>
        {
            await using WireServer own = await server.StartAsync(exchange.Flags);
            await Player.PlayAsync(exchange, own);
        }));

    public sealed class Server : SharedServer
    {
        internal override async Task<WireServer> StartAsync(IReadOnlyList<string> flags) => await ProcessServer.MemcachedAsync(flags);
    }
}
