using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Servers;

/// <summary>A server that is a process of its own, in a folder of its own: our daemon, or the memcached of this machine.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RunningServer(string program, IEnumerable<string> flags)
    {
        Port = FreePort.Next();
        Process = ChildProcess.Start(program, [.. Usual(Port), .. flags], _folder.Path);
    }

    public ChildProcess Process { get; }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public static string Memcached => Installed.Find("memcached", "memcached");

    /// <summary>On loopback, and as whoever runs the tests: memcached will not run as root without being told.</summary>
    public static string[] Usual(int port)
        => ["-l", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-u", Environment.UserName];

    /// <summary>Our daemon, which remembers nothing after its end unless the flags say otherwise.</summary>
    public static Task<RunningServer> DaemonAsync(params string[] flags) => StartAsync(Repository.Daemon, [.. Stateless, .. flags]);

    /// <summary>For our daemon: nothing is left behind on the machine.</summary>
    public static string[] Stateless => ["--state-file", "none"];

    public static Task<RunningServer> MemcachedAsync(params string[] flags) => StartAsync(Memcached, flags);

    public static async Task<RunningServer> StartAsync(string program, params string[] flags)
    {
        var server = new RunningServer(program, flags);
        try
        {
            await Eventually.True(server.AnswersAsync, $"{program} answers");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it replies until the given end, on a new connection.</summary>
    public Task<string> AskAsync(string request, string end = "END\r\n") => AskAsync(new IPEndPoint(IPAddress.Loopback, Port), request, end);

    /// <inheritdoc cref="AskAsync(string, string)"/>
    public static async Task<string> AskAsync(EndPoint endPoint, string request, string end)
    {
        using Socket socket = await ConnectAsync(endPoint);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        return await ReadAsync(socket, end);
    }

    public static Task<Socket> ConnectAsync(EndPoint endPoint) => ClientSocket.OpenAsync(endPoint);

    /// <summary>What comes until the given end, or until the server closes.</summary>
    public static Task<string> ReadAsync(Socket socket, string? end)
        => ReadAsync(socket, reply => end is not null && reply.EndsWith(end, StringComparison.Ordinal), end);

    /// <summary>What comes until there is a whole line with such words, or until the server closes.</summary>
    public static Task<string> ReadLineWithAsync(Socket socket, string words)
        => ReadAsync(socket, reply => reply.EndsWith('\n') && reply.Contains(words, StringComparison.Ordinal), words);

    private static async Task<string> ReadAsync(Socket socket, Func<string, bool> isWhole, string? end)
    {
        var reply = new StringBuilder();
        byte[] buffer = new byte[64 << 10];
        while (!isWhole(reply.ToString()))
        {
            int length = await Eventually.Of(
                socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask(), $"'{end}' after '{reply}'");
            if (length == 0)
            {
                break;
            }

            reply.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return reply.ToString();
    }

    /// <summary>Statistics by name.</summary>
    public async Task<Dictionary<string, string>> StatsAsync(string of = "")
    {
        string reply = await AskAsync($"stats {of}".TrimEnd() + "\r\n");
        return reply.Split("\r\n").Select(line => line.Split(' ', 3)).Where(words => words is ["STAT", _, _]).ToDictionary(words => words[1], words => words[2]);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(Process.HasExited, Process.Error);
        try
        {
            // One that wants to know who asks says so, and is there.
            string reply = await AskAsync("version\r\n", "\r\n");
            return reply.StartsWith("VERSION ", StringComparison.Ordinal) || reply == "CLIENT_ERROR unauthenticated\r\n";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
