using System.IO.Pipelines;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>A watcher's pipe, which those who write into it take in turns.</summary>
internal sealed class WatchOutput(TransportConnection transport) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public PipeWriter Pipe => transport.Pipe.Output;

    /// <summary>Waits for a turn, and goes on on the thread where the pipe may be used.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await transport.YieldAsync().ConfigureAwait(false);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <summary>Sends what was written, and ends the turn. False: the client has gone.</summary>
    public async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            return !(await Pipe.FlushAsync(cancellationToken).ConfigureAwait(false)).IsCompleted;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
