using System.Threading.Channels;

namespace LivenessEngine.Evaluation;

/// <summary>
/// One subscriber's events. The sweep never waits for it: when the buffer is full the oldest event goes, and the next
/// one that is read says how many went.
/// </summary>
internal sealed class EventStream(int? group, int capacity)
{
    private readonly Channel<(long Number, MemberEvent Event)> _channel = Channel.CreateBounded<(long, MemberEvent)>(
        new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleWriter = true,
            SingleReader = true,
        });

    private long _written;
    private long _read;

    /// <summary>The group that is asked for; null for all.</summary>
    public int? Group => group;

    /// <summary>Called by the sweep alone.</summary>
    public void Write(MemberEvent memberEvent) => _channel.Writer.TryWrite((++_written, memberEvent));

    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>Waits for an event; false when no more will come.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>The next event, if there is one by now. Called by one thread at a time.</summary>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MemberEvent? memberEvent)
    {
        bool any = _channel.Reader.TryRead(out (long Number, MemberEvent Event) next);
        memberEvent = !any || next.Number == _read + 1 ? next.Event : next.Event with { Missed = next.Number - _read - 1 };
        _read = any ? next.Number : _read;
        return any;
    }

    public async IAsyncEnumerable<MemberEvent> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (TryRead(out MemberEvent? memberEvent))
            {
                yield return memberEvent;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
