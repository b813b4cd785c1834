using System.IO.Pipelines;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>A watcher's pipe, which those who write into it take in turns.</summary>
internal sealed class WatchOutput(TransportConnection transport) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public PipeWriter Pipe => transport.Pipe.Output;

    /// <summary>Waits for a turn.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    /// <summary>
    /// Goes on on the thread where alone the pipe may be used. To be awaited by whoever writes, and by no task in between: that
    /// could be done before it is awaited, and its awaiter would go on where it is.
    /// </summary>
    public ValueTask ToThreadAsync() => transport.YieldAsync();

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
