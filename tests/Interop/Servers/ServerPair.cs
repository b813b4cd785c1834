namespace LivenessEngine.Interop.Servers;

/// <summary>The memcached of this machine and our daemon, started alike: what one does, the other has to do.</summary>
internal sealed class ServerPair : IAsyncDisposable
{
    private ServerPair(RunningServer stock, RunningServer ours)
    {
        Stock = stock;
        Ours = ours;
    }

    public RunningServer Stock { get; }

    public RunningServer Ours { get; }

    public static async Task<ServerPair> StartAsync(params string[] flags)
    {
        RunningServer stock = await RunningServer.MemcachedAsync(flags);
        try
        {
            return new ServerPair(stock, await RunningServer.DaemonAsync(flags));
        }
        catch
        {
            await stock.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Ours.DisposeAsync();
        await Stock.DisposeAsync();
    }
}
