using System.Diagnostics;

namespace LivenessEngine.Memcached.Client;

/// <summary>How long a call waits: so long for each reply, and ten times as long for all of them.</summary>
internal sealed class ReplyWait : IDisposable
{
    private const int MostReplies = 10;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _reply;
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _caller;

    public ReplyWait(TimeSpan reply, CancellationToken caller)
    {
        _reply = reply;
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _source.CancelAfter(reply);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the wait ended because it was too long, and not because the caller wished it.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>A reply came: the wait for the next one begins.</summary>
    public void Extend()
    {
        TimeSpan rest = (_reply * MostReplies) - Stopwatch.GetElapsedTime(_start);
        _source.CancelAfter(rest <= TimeSpan.Zero ? TimeSpan.Zero : rest < _reply ? rest : _reply);
    }

    public void Dispose() => _source.Dispose();
}
