using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Server;

/// <summary>Connections that go on in another process, gathered while the server stops.</summary>
/// <param name="limit">Ends the wait for those who are in the middle of a request.</param>
/// <param name="patience">How long to wait from one step of anybody's to the next.</param>
internal sealed class HandOver(CancellationTokenSource limit, TimeSpan patience)
{
    private readonly ConcurrentQueue<SafeSocketHandle> _released = new();
    private long _lastStep = Stopwatch.GetTimestamp();

    public CancellationToken Limit => limit.Token;

    public IReadOnlyCollection<SafeSocketHandle> Released => _released;

    /// <summary>A client has been answered, or let go.</summary>
    public void Step() => Volatile.Write(ref _lastStep, Stopwatch.GetTimestamp());

    /// <summary>Waits until a condition holds; gives up when nothing goes on, and at the limit.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition() && !limit.IsCancellationRequested)
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref _lastStep)) > patience)
            {
                await limit.CancelAsync().ConfigureAwait(false);
                return;
            }

            await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Add(SafeSocketHandle handle) => _released.Enqueue(handle);
}
