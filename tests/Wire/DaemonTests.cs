using LivenessEngine.Wire.Exchanges;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire;

/// <summary>What of the table needs no time to pass, on the daemon as it was built.</summary>
public sealed class DaemonTests(DaemonTests.Server server) : IClassFixture<DaemonTests.Server>
{
    public static TheoryData<string> Names
        => [.. ExchangeTable.All.Where(exchange => !exchange.TakesTime && !exchange.IsOnNewServer).Select(exchange => exchange.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Whole(string name) => await server.PlayAsync(ExchangeTable.Named(name));

    public sealed class Server : SharedServer
    {
        internal override async Task<WireServer> StartAsync(IReadOnlyList<string> flags) => await ProcessServer.DaemonAsync(flags);
    }
}
