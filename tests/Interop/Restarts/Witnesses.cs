using System.Net;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Restarts;

/// <summary>
/// Who would notice a restart: a Python client that is idle until it is over, one that never stops, and those who look for
/// what was stored before.
/// </summary>
internal sealed class Witnesses : IAsyncDisposable
{
    private readonly IPEndPoint _endPoint;
    private readonly string _go;
    private readonly ChildProcess _idle;
    private readonly Traffic _traffic;

    private Witnesses(IPEndPoint endPoint, string go)
    {
        _endPoint = endPoint;
        _go = go;
        _idle = Python.Start("idle_client.py", endPoint.ToString(), go);
        _traffic = new Traffic(endPoint);
    }

    /// <param name="endPoint">The daemon, which answers.</param>
    /// <param name="go">A file that is not there; the idle client waits for it.</param>
    public static async Task<Witnesses> StartAsync(IPEndPoint endPoint, string go)
    {
        var witnesses = new Witnesses(endPoint, go);
        await Eventually.True(() => witnesses._idle.Output.StartsWith("stored True", StringComparison.Ordinal), "the idle client is connected");
        await RunningServer.AskAsync(endPoint, "set kept 7 0 4\r\nsafe\r\nset compute:silent 0 0 1\r\n1\r\n", "STORED\r\nSTORED\r\n");
        await witnesses.GoOnAsync();
        return witnesses;
    }

    public Task GoOnAsync() => _traffic.GoOnAsync(200);

    /// <summary>Ends them: nobody was refused or cut off, and nothing is lost.</summary>
    public async Task AssertNothingNoticedAsync()
    {
        await _traffic.StopAsync();
        Assert.Empty(_traffic.Faults);
        TestContext.Current.TestOutputHelper?.WriteLine($"{_traffic.Sets} sets, the longest took {_traffic.LongestWait.TotalMilliseconds:F0} ms");
        Assert.Equal("VALUE kept 7 4\r\nsafe\r\nEND\r\n", await AskAsync("get kept"));
        Assert.Contains("STAT compute:silent up ", await AskAsync("stats liveness"), StringComparison.Ordinal);
        foreach ((string key, long value) in _traffic.Acknowledged)
        {
            Assert.Contains($"\r\n{value}\r\n", await AskAsync($"get {key}"), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(_go, "", TestContext.Current.CancellationToken);
        Assert.Equal(0, await _idle.EndAsync());
        Assert.Equal("stored True\nstored True dead False", _idle.Output);
    }

    public async ValueTask DisposeAsync()
    {
        await _traffic.DisposeAsync();
        await _idle.DisposeAsync();
    }

    private Task<string> AskAsync(string request) => RunningServer.AskAsync(_endPoint, request + "\r\n", "END\r\n");
}
