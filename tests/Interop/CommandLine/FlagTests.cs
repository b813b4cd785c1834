using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.CommandLine;

/// <summary>Every flag that memcached's own help names, and what becomes of it.</summary>
public sealed partial class FlagTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _udp = FreePort.Next().ToString(CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_has_its_fate_and_a_line_in_our_help()
    {
        ChildProcess stock = await ChildProcess.RunAsync(RunningServer.Memcached, ["-h"]);
        ChildProcess ours = await ChildProcess.RunAsync(Repository.Daemon, ["-h"]);
        Match[] flags = Line().Matches(stock.Output).ToArray();

        Assert.Equal(flags.Select(flag => flag.Groups["letter"].Value[0]).Distinct().Order(), Flag.All.Select(flag => flag.Letter).Order());
        Assert.All(flags, flag =>
        {
            Assert.Matches($@"-{flag.Groups["letter"].Value}\b", ours.Output);
            Assert.Contains(flag.Groups["name"].Value, ours.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Those_that_work_do_so_together_and_say_nothing()
    {
        // -v for the line that says where it listens.
        await using ChildProcess daemon = ChildProcess.Start(Repository.Daemon, [.. RunningServer.Stateless, .. WordsOf(FlagFate.Works)]);
        await using var client = new UdpClient(int.Parse(_udp, CultureInfo.InvariantCulture));
        await Eventually.True(
            () =>
            {
                Assert.False(daemon.HasExited, daemon.Error);
                return daemon.Error.Contains("by UDP", StringComparison.Ordinal);
            },
            "it listens");

        Assert.Equal("770 128 off 77 1 / yes 2 7 no 55 ascii 2097152 no no 127.0.0.1 0", await SettingsAsync(
            client, "umask maxbytes evictions maxconns verbosity stat_key_prefix shutdown_command num_threads reqs_per_event cas_enabled tcp_backlog binding_protocol item_size_max flush_enabled dump_enabled inter tcpport"));
        Assert.Equal(["CLIENT_ERROR watch commands not allowed\r\n"], await client.AskAsync("watch\r\n"));
        Assert.Matches(MayHaveCoreFiles ? @"Max core file size +(unlimited|[1-9])" : "Max core file size +0", await File.ReadAllTextAsync($"/proc/{daemon.Id}/limits", TestContext.Current.CancellationToken));
        Assert.DoesNotContain("without effect", daemon.Error, StringComparison.Ordinal);

        // It is written after the line that says where it listens.
        await Eventually.True(() => File.Exists(_folder["pid"]) && File.ReadAllText(_folder["pid"]) == $"{daemon.Id}\n", "the pid file is there");
    }

    [Fact]
    public async Task Those_without_effect_are_named_on_one_line()
    {
        await using RunningServer server = await RunningServer.DaemonAsync([.. WordsOf(FlagFate.Noted)]);
        await Eventually.True(() => server.Process.Error.Length > 0, "it says what has no effect");
        Assert.Equal("liveness: accepted, and without effect here: -f 1.5, -n 96, -N 4, -o modern, -o hashpower=20", server.Process.Error);
    }

    [Fact]
    public async Task Those_that_end_it_end_it_well()
    {
        foreach (Flag flag in Flag.All.Where(flag => flag.Fate == FlagFate.Ends))
        {
            ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, ["-p", "1", .. flag.Words]);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.NotEqual("", run.Output);
        }
    }

    [Fact]
    public async Task Those_that_are_refused_say_why()
    {
        foreach (Flag flag in Flag.All.Where(flag => flag.Fate == FlagFate.Refused))
        {
            ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, flag.Words);
            Assert.Equal(64, run.ExitCode);
            Assert.StartsWith($"-{flag.Letter} ", run.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("STAT maxconns 77", "--conn=77"), InlineData("STAT maxconns 77", "--conn-l", "77"), InlineData("STAT evictions off", "--disable-e")]
    public async Task A_part_of_a_name_is_enough_where_no_other_begins_so(string setting, params string[] flags)
    {
        await using ServerPair servers = await ServerPair.StartAsync(flags);
        Assert.Contains(setting, await servers.Stock.AskAsync("stats settings\r\n"), StringComparison.Ordinal);
        Assert.Contains(setting, await servers.Ours.AskAsync("stats settings\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_port_file_says_what_became_of_free_ports_as_memcacheds_does()
    {
        foreach (string program in new[] { RunningServer.Memcached, Repository.Daemon })
        {
            string file = _folder[Path.GetFileName(program)];
            string[] ours = program == Repository.Daemon ? RunningServer.Stateless : [];
            await using ChildProcess server = ChildProcess.Start(
                program, [.. ours, "-u", Environment.UserName, "-l", "127.0.0.1,[::1]", "-p", "-1", "-U", "-1"], _folder.Path, [new("MEMCACHED_PORT_FILENAME", file)]);
            await Eventually.True(() => File.Exists(file), "the file is there");

            string[] lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);

            Assert.Equal(["TCP INET: ", "TCP INET6: ", "UDP INET: ", "UDP INET6: "], lines.Select(line => line.TrimEnd("0123456789".ToCharArray())));
            Assert.False(File.Exists($"{file}.lck"));
            var endPoint = new IPEndPoint(IPAddress.Loopback, int.Parse(lines[0].Split(' ')[^1], CultureInfo.InvariantCulture));
            Assert.StartsWith("VERSION ", await RunningServer.AskAsync(endPoint, "version\r\n", "\r\n"), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^-(?<letter>\w)(?:,? +(?<name>--[\w-]+))?", RegexOptions.Multiline)]
    private static partial Regex Line();

    private static async Task<string> SettingsAsync(UdpClient client, string names)
    {
        Dictionary<string, string> settings = string.Concat(await client.AskAsync("stats settings\r\n")).Split("\r\n")
            .Select(line => line.Split(' ', 3)).Where(words => words is ["STAT", _, _]).ToDictionary(words => words[1], words => words[2]);
        settings["maxbytes"] = (long.Parse(settings["maxbytes"], CultureInfo.InvariantCulture) >> 20).ToString(CultureInfo.InvariantCulture);
        return string.Join(' ', names.Split(' ').Select(name => settings[name]));
    }

    // Where the system allows none, -r ends the daemon, as it does memcached.
    private static bool MayHaveCoreFiles { get; } = !NoCoreFiles().IsMatch(File.ReadAllText("/proc/self/limits"));

    [GeneratedRegex(@"Max core file size +0 +0 ")]
    private static partial Regex NoCoreFiles();

    private IEnumerable<string> WordsOf(FlagFate fate) => Flag.All.Where(flag => flag.Fate == fate && (flag.Letter != 'r' || MayHaveCoreFiles)).SelectMany(flag => flag.Words)
        .Select(word => word.Replace("{folder}", _folder.Path, StringComparison.Ordinal).Replace("{udp}", _udp, StringComparison.Ordinal));
}
