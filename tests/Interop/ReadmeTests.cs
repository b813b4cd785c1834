using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>What the README's first screen tells a newcomer to type.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task The_first_command_starts_a_server_that_says_what_the_readme_says()
    {
        string[] block = Readme.FirstBlock("").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("$ dotnet run -c Release --project ", block[0], StringComparison.Ordinal);
        string configuration = typeof(ReadmeTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string[] words = block[0].Replace("Release", configuration, StringComparison.Ordinal).Split(' ')[2..];
        int port = FreePort.Next();

        // As it was built with the tests, on a port that is free; -A, to end the daemon and not only dotnet.
        await using ChildProcess run = ChildProcess.Start(
            Installed.Find("dotnet", "dotnet-sdk-10.0"),
            [.. words, "--no-build", "--", "serve", "-A", .. RunningServer.Stateless, "-p", port.ToString(CultureInfo.InvariantCulture)],
            Repository.Root);
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        try
        {
            await Eventually.True(() => run.Output.Contains("Ctrl+C", StringComparison.Ordinal), "it says that it listens");
            Assert.StartsWith("VERSION ", await RunningServer.AskAsync(endPoint, "version\r\n", "\r\n"), StringComparison.Ordinal);
            string expected = string.Join('\n', block[1..]).Replace("11211", $"{port}", StringComparison.Ordinal);
            Assert.Equal(JoinOfHost().Replace(expected, "join compute HOST"), JoinOfHost().Replace(run.Output, "join compute HOST"));
        }
        finally
        {
            await ShutDownAsync(endPoint);
        }

        Assert.Equal(0, await run.EndAsync());
    }

    [Fact]
    public async Task Every_option_that_the_readme_names_is_there()
    {
        ChildProcess help = await ChildProcess.RunAsync(Repository.Daemon, ["-h"]);
        string flags = Readme.Text.Split('\n').Single(line => line.StartsWith("| flags |", StringComparison.Ordinal));
        string[] letters = [.. Letter().Matches(flags).Select(match => match.Value).Distinct()];
        Assert.True(letters.Length > 20, flags);
        Assert.All(letters, letter => Assert.Matches($@"[ ,]{letter}, --", help.Output));

        string all = help.Output;
        foreach (string command in new[] { "status", "watch", "history", "release", "join" })
        {
            Assert.Contains($"\n  {command} ", help.Output, StringComparison.Ordinal);
            all += (await ChildProcess.RunAsync(Repository.Daemon, [command, "-h"])).Output;
        }

        string ours = string.Concat(Readme.Text.Split('\n').Where(line => line.Contains("liveness ", StringComparison.Ordinal) || line.StartsWith('|')));
        string[] options = [.. LongOption().Matches(ours).Select(match => match.Value).Distinct()];
        Assert.Contains("--server", options);
        Assert.Contains("--service-down-time", options);
        Assert.All(options.Except(["--project"]), option => Assert.Contains($"{option} ", all, StringComparison.Ordinal));
    }

    private static async Task ShutDownAsync(EndPoint endPoint)
    {
        try
        {
            await RunningServer.AskAsync(endPoint, "shutdown\r\n", "\r\n");
        }
        catch (SocketException)
        {
            // It never listened; the test has said why.
        }
    }

    [GeneratedRegex("join compute [^ ]+")]
    private static partial Regex JoinOfHost();

    [GeneratedRegex("(?<=[ `])-[A-Za-z](?=[ `,])")]
    private static partial Regex Letter();

    [GeneratedRegex("--[a-z][a-z-]+")]
    private static partial Regex LongOption();
}
