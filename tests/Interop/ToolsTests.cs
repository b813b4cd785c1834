using System.Globalization;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>libmemcached's command line tools: the same lines, the same exit codes, from memcached and from us.</summary>
public sealed class ToolsTests
{
    [Theory, InlineData, InlineData("--binary")]
    public async Task Answer_as_they_do_with_memcached(params string[] options)
    {
        Installed.Find("memccp", "libmemcached-tools");
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] stock = await PlayAsync(servers.Stock, options);
        Assert.Contains("memccat a.txt: 0 one", stock);
        Assert.Equal(stock, await PlayAsync(servers.Ours, options));
    }

    [Fact]
    public async Task Memcstat_names_what_memcached_has()
    {
        string program = Installed.Find("memcstat", "libmemcached-tools");
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] exporters = ["pid", "uptime", "curr_connections", "cmd_get", "get_hits", "bytes", "curr_items", "evictions", "limit_maxbytes", "threads"];
        foreach (RunningServer server in new[] { servers.Stock, servers.Ours })
        {
            ChildProcess run = await ChildProcess.RunAsync(program, ["--servers", server.Address]);
            Assert.Equal(0, run.ExitCode);
            Assert.All(exporters, name => Assert.Contains($"{name}: ", run.Output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Memcdump_lists_what_it_lists_with_memcached()
    {
        string program = Installed.Find("memcdump", "libmemcached-tools");
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] stock = await DumpAsync(program, servers.Stock);
        Assert.Equal(["0", "compute:x", "one", "two"], stock);
        Assert.Equal(stock, await DumpAsync(program, servers.Ours));
    }

    // The exit code and the keys. memcached lists only what its background thread has gone over, a moment after the set.
    private static async Task<string[]> DumpAsync(string program, RunningServer server)
    {
        await server.AskAsync("set one 0 0 1\r\n1\r\nset two 0 0 1\r\n2\r\nset compute:x 0 0 1\r\n3\r\n", "STORED\r\nSTORED\r\nSTORED\r\n");
        string[] answer = [];
        await Eventually.True(
            async () =>
            {
                ChildProcess run = await ChildProcess.RunAsync(program, ["--servers", server.Address]);
                answer = [run.ExitCode.ToString(CultureInfo.InvariantCulture), .. run.Output.Split('\n').Order(StringComparer.Ordinal)];
                return answer.Length == 4;
            },
            "memcdump lists three keys");
        return answer;
    }

    private static async Task<string[]> PlayAsync(RunningServer server, string[] options)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["a.txt"], "one\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder["b.txt"], "two, ünicode\n", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(folder["large"], new byte[2 << 20], TestContext.Current.CancellationToken);
        string[][] lines =
        [
            ["memcping"], ["memcexist", "a.txt"], ["memccp", "a.txt", "b.txt"], ["memccat", "a.txt"], ["memccat", "b.txt"],
            ["memccp", "--add", "a.txt"], ["memccp", "--replace", "a.txt"], ["memccp", "large"], ["memccat", "large"],
            ["memcexist", "a.txt"], ["memctouch", "--expire=100", "a.txt"], ["memctouch", "none"], ["memcrm", "a.txt"],
            ["memcrm", "a.txt"], ["memccat", "a.txt"], ["memcflush"], ["memcexist", "b.txt"],
        ];
        var answers = new List<string>();
        foreach (string[] line in lines)
        {
            ChildProcess run = await ChildProcess.RunAsync(
                Installed.Find(line[0], "libmemcached-tools"), ["--servers", server.Address, .. options, .. line[1..]], folder.Path);
            answers.Add($"{string.Join(' ', line)}: {run.ExitCode} {run.Output.Trim()}");
        }

        return [.. answers];
    }
}
