using System.Buffers;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>Sends a watcher what is logged for it.</summary>
internal sealed class LogFeed(LogWatcher watcher, WatchOutput output)
{
    /// <summary>Follows until the client goes or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        bool isThere = true;
        while (isThere)
        {
            await watcher.WaitAsync(cancellationToken).ConfigureAwait(false);
            await output.WaitAsync(cancellationToken).ConfigureAwait(false);
            await output.ToThreadAsync().ConfigureAwait(false);
            output.Pipe.Write(watcher.Take().Span);
            isThere = await output.EndAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
