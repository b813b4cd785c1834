using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>The commands of the README's three ways to use it, run as they stand there but for addresses.</summary>
public sealed class ReadmeWaysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Configuration => $"""
        [DEFAULT]
        servicegroup_driver = db
        report_interval = 1
        [database]
        connection = sqlite:///{_folder["nova.sqlite"]}
        """;

    [Fact]
    public async Task Join_and_status_over_what_nova_conf_says()
    {
        await File.WriteAllTextAsync(_folder["nova.conf"], Configuration, TestContext.Current.CancellationToken);
        string[][] commands = [.. Commands(Readme.BlockWith("", "liveness join compute node1 --config-file"))];
        Assert.Equal(["join", "status"], commands.Select(words => words[0]));
        await using ChildProcess join = ChildProcess.Start(Repository.Daemon, commands[0], _folder.Path);
        await Eventually.True(async () => (await StatusAsync(commands[1])).Contains("1 up, 0 down, 1 in all", StringComparison.Ordinal), "node1 is up");
        join.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await join.EndAsync());
    }

    [Fact]
    public async Task The_daemon_with_a_database_shows_its_services_as_Nova_does()
    {
        await File.WriteAllTextAsync(_folder["nova.conf"], Configuration, TestContext.Current.CancellationToken);
        await using (ChildProcess join = ChildProcess.Start(Repository.Daemon, ["join", "compute", "node1", "--config-file", "nova.conf"], _folder.Path))
        {
            await Eventually.True(
                async () => (await StatusAsync(["status", "--config-file", "nova.conf"])).Contains("node1", StringComparison.Ordinal), "node1 is registered");
        }

        string block = Readme.BlockWith("", "liveness serve --database");
        string[][] commands = [.. Commands(block)];
        Assert.Equal(["serve", "--database"], commands[0][..2]);
        await using RunningServer server = await RunningServer.DaemonAsync("--database", $"sqlite:///{_folder["nova.sqlite"]}");
        string[] header = [.. block.Split('\n').Where(line => line.StartsWith("| ID", StringComparison.Ordinal)).Select(Squeezed)];
        await Eventually.True(
            async () => (await StatusAsync([.. commands[1], "--server", server.Address])) is var shown
                && shown.Split('\n').Select(Squeezed).Contains(header[0])
                && shown.Contains("nova-compute", StringComparison.Ordinal),
            "the services are shown");
    }

    [Fact]
    public async Task The_options_for_Nova_are_those_that_are_read()
    {
        string ini = Readme.BlockWith("ini", "servicegroup_driver");
        await File.WriteAllTextAsync(_folder["nova.conf"], ini.Replace("11211", $"{FreePort.Next()}", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        ChildProcess status = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--config-file", "nova.conf"], _folder.Path);
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("Connection refused", status.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string[]> Commands(string block)
        => block.Split('\n').Where(line => line.StartsWith("$ liveness ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2..]);

    private static string Squeezed(string line) => string.Concat(line.Where(c => c != ' '));

    private async Task<string> StatusAsync(string[] arguments) => (await ChildProcess.RunAsync(Repository.Daemon, arguments, _folder.Path)).Output;
}
