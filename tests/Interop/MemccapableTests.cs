using System.Globalization;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>libmemcached's own test of servers.</summary>
public sealed class MemccapableTests
{
    [Theory, InlineData("-a"), InlineData("-b")]
    public async Task Passes_what_memcached_passes(string protocol)
    {
        string program = Installed.Find("memccapable", "libmemcached-tools");
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] stock = await PassedAsync(program, protocol, servers.Stock);
        Assert.NotEmpty(stock);
        Assert.Equal(stock, await PassedAsync(program, protocol, servers.Ours));
    }

    // "ascii version                           [pass]"
    private static async Task<string[]> PassedAsync(string program, string protocol, RunningServer server)
    {
        ChildProcess run = await ChildProcess.RunAsync(
            program, ["-h", "127.0.0.1", "-p", server.Port.ToString(CultureInfo.InvariantCulture), protocol]);
        return [.. $"{run.Output}\n{run.Error}".Split('\n').Where(line => line.EndsWith("[pass]", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}
