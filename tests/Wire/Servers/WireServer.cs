namespace LivenessEngine.Wire.Servers;

/// <summary>A server that the table is tried on.</summary>
internal abstract class WireServer : IAsyncDisposable
{
    public abstract Flavour Flavour { get; }

    /// <summary>The server's time.</summary>
    public abstract long UnixSeconds { get; }

    public abstract Task<WireClient> ConnectAsync();

    public abstract Task PassAsync(TimeSpan time);

    public abstract ValueTask DisposeAsync();

    /// <summary>As good as new: nothing stored, nothing counted, nothing set.</summary>
    public async Task ResetAsync()
    {
        await using WireClient client = await ConnectAsync();
        await client.SendAsync("flush_all\r\nstats reset\r\nstats detail off\r\nverbosity 0\r\ncache_memlimit 64\r\n"u8.ToArray());
        await client.ReadUntilAsync(reply => reply.Count(c => c == '\n') == 5);
    }
}
