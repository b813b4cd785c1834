using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Servers;

/// <summary>A server that is a process: our daemon, or the memcached of this machine.</summary>
internal sealed class ProcessServer : WireServer
{
    // Where memcached's SASL library (-S) looks for its configuration.
    private static readonly KeyValuePair<string, string>[] Environment =
        [new("SASL_CONF_PATH", Path.Combine(AppContext.BaseDirectory, "Servers", "sasl"))];

    private readonly ChildProcess _process;
    private readonly IPEndPoint _endPoint;

    private ProcessServer(string program, Flavour flavour, IEnumerable<string> flags)
    {
        Flavour = flavour;
        _endPoint = new IPEndPoint(IPAddress.Loopback, FreePort.Next());
        string port = _endPoint.Port.ToString(CultureInfo.InvariantCulture);
        _process = ChildProcess.Start(
            program, ["-l", "127.0.0.1", "-p", port, "-U", "0", "-u", System.Environment.UserName, .. flags], environment: Environment);
    }

    public override Flavour Flavour { get; }

    public override long UnixSeconds => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public static Task<ProcessServer> DaemonAsync(IEnumerable<string> flags)
        => StartAsync(Repository.Daemon, Flavour.Ours, ["--state-file", "none", .. flags]);

    public static async Task<ProcessServer> MemcachedAsync(IEnumerable<string> flags)
    {
        string program = Installed.Find("memcached", "memcached");
        ChildProcess asked = await ChildProcess.RunAsync(program, ["-V"]);
        var version = Version.Parse(asked.Output.Split(' ')[^1]);
        Flavour flavour = version >= new Version(1, 6, 45) ? Flavour.Newer
            : version == new Version(1, 6, 18) ? Flavour.Older
            : Flavour.Between;
        return await StartAsync(program, flavour, flags);
    }

    public override Task<WireClient> ConnectAsync() => Sockets.ConnectAsync(_endPoint);

    /// <summary>A bare connection.</summary>
    public Task<Socket> OpenAsync() => ClientSocket.OpenAsync(_endPoint);

    public override Task PassAsync(TimeSpan time) => Task.Delay(time, TestContext.Current.CancellationToken);

    public override ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<ProcessServer> StartAsync(string program, Flavour flavour, IEnumerable<string> flags)
    {
        var server = new ProcessServer(program, flavour, flags);
        try
        {
            await Eventually.True(server.IsListening, $"{program} listens");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    // Looked up and not tried: a server may still count a connection for a moment that has been closed.
    private bool IsListening()
    {
        Assert.False(_process.HasExited, _process.Error);
        return IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Contains(_endPoint);
    }
}
