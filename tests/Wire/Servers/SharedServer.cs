using LivenessEngine.Wire.Exchanges;

namespace LivenessEngine.Wire.Servers;

/// <summary>One process for all the rows that can follow each other on it; the others get one of their own.</summary>
public abstract class SharedServer : IAsyncDisposable
{
    private WireServer? _shared;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }
    }

    internal async Task PlayAsync(Exchange exchange)
    {
        if (exchange.IsOnNewServer)
        {
            await using WireServer own = await StartAsync(exchange.Flags);
            await Player.PlayAsync(exchange, own);
            return;
        }

        _shared ??= await StartAsync([]);
        await _shared.ResetAsync();
        await Player.PlayAsync(exchange, _shared);
    }

    internal abstract Task<WireServer> StartAsync(IReadOnlyList<string> flags);
}
