using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Testing;

/// <summary>The installed memcached, started for a test on the loopback interface.</summary>
internal sealed class StockMemcached : IAsyncDisposable
{
    private readonly string _address;
    private readonly string[] _flags;
    private ChildProcess? _process;

    private StockMemcached(string address, int port, string[] flags) => (_address, Port, _flags) = (address, port, flags);

    public int Port { get; }

    public string Server => $"{_address}:{Port}";

    public static async Task<StockMemcached> StartAsync(string address = "127.0.0.1", int? port = null, params string[] flags)
    {
        var server = new StockMemcached(address, port ?? FreePort.Next(), flags);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts it anew where it was, empty.</summary>
    public async Task StartAgainAsync()
    {
        string program = Installed.Find("memcached", "memcached");
        string[] user = Environment.UserName == "root" ? ["-u", "nobody"] : [];
        _process = ChildProcess.Start(program, [.. user, "-l", _address, "-p", $"{Port}", "-m", "64", .. _flags]);
        await Eventually.True(CanConnect, $"memcached listens at {Server}");
    }

    /// <summary>It keeps its connections, takes new ones by its kernel, and answers nothing.</summary>
    public void Hang() => _process!.Signal(ChildProcess.Stop);

    /// <summary>It goes on where it was.</summary>
    public void GoOn() => _process!.Signal(ChildProcess.Continue);

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> CanConnect()
    {
        Assert.False(_process!.HasExited, $"memcached ended: {_process.Error}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Parse(_address), Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
