using System.Globalization;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>Python's clients: a script that uses all that a client can prints the same with memcached and with us.</summary>
public sealed class PythonClientTests
{
    [Fact]
    public Task Pymemcache() => SameAsync("pymemcache", "python3-pymemcache", "pymemcache_client.py");

    [Fact]
    public Task Python_memcached() => SameAsync("memcache", "python3-memcache", "python_memcached_client.py");

    [Fact]
    public Task Pylibmc() => SameAsync("pylibmc", "python3-pylibmc", "pylibmc_client.py");

    [Fact]
    public Task Pylibmc_by_the_binary_protocol() => SameAsync("pylibmc", "python3-pylibmc", "pylibmc_client.py", "binary");

    [Fact]
    public Task Bmemcached() => SameAsync("bmemcached", "python3-binary-memcached", "bmemcached_client.py");

    private static async Task SameAsync(string module, string package, string script, params string[] arguments)
    {
        await DebianPython.RequireAsync(module, package);
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] printed = await Task.WhenAll(
            Python.RunAsync(script, [servers.Stock.Port.ToString(CultureInfo.InvariantCulture), .. arguments]),
            Python.RunAsync(script, [servers.Ours.Port.ToString(CultureInfo.InvariantCulture), .. arguments]));
        Assert.Contains("900 KB back -> ", printed[0], StringComparison.Ordinal);
        Assert.Contains("flushed -> {}", printed[0], StringComparison.Ordinal);
        Assert.Equal(printed[0].Split('\n'), printed[1].Split('\n'));
    }
}
