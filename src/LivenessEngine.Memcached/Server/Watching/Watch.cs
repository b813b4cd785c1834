using System.IO.Pipelines;
using LivenessEngine.Memcached.Transports;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>A connection that follows events: one feed for the log, one for members, as the client asked for.</summary>
/// <remarks>A client that does not read loses lines and is told how many; nobody else notices.</remarks>
/// <param name="server">Whose events.</param>
/// <param name="request">What the client asked for.</param>
/// <param name="isEnding">Whether the server wants the client to go: a read is cancelled then, and for other reasons too.</param>
internal sealed class Watch(ServerContext server, WatchRequest request, Func<bool> isEnding)
{
    /// <summary>Follows until the client goes or the server stops.</summary>
    public async Task RunAsync(TransportConnection transport)
    {
        using var ended = new CancellationTokenSource();
        using var output = new WatchOutput(transport);
        PipeReader input = transport.Pipe.Input;
        Task listening = ListenAsync(input, ended);
        try
        {
            await Task.WhenAll(
                request.Log is { } log ? FollowAsync(new LogFeed(log, output).RunAsync(ended.Token), ended) : Task.CompletedTask,
                request.Liveness ? FollowAsync(new LivenessFeed(server, request, output).RunAsync(ended.Token), ended) : Task.CompletedTask)
                .ConfigureAwait(false);
        }
        finally
        {
            request.Log?.Dispose();
            input.CancelPendingRead();
            await listening.ConfigureAwait(false);
        }
    }

    // When one feed finds that the client has gone, the other need not wait to find it too.
    private static async Task FollowAsync(Task feed, CancellationTokenSource ended)
    {
        try
        {
            await feed.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client has gone, or the server stops.
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    // A watcher has nothing more to say; what it sends is passed over, and its end is the end of the watch.
    private async Task ListenAsync(PipeReader input, CancellationTokenSource ended)
    {
        try
        {
            ReadResult read;
            do
            {
                read = await input.ReadAsync().ConfigureAwait(false);
                input.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted && !(read.IsCanceled && (isEnding() || ended.IsCancellationRequested)));
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            // As good as an end.
        }

        await ended.CancelAsync().ConfigureAwait(false);
    }
}
