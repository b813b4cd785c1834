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

    /// <summary>The group that is asked for; null for all.</summary>
    public int? Group => group;

    /// <summary>Called by the sweep alone.</summary>
    public void Write(MemberEvent memberEvent) => _channel.Writer.TryWrite((++_written, memberEvent));

    public void Complete() => _channel.Writer.TryComplete();

    public async IAsyncEnumerable<MemberEvent> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long expected = 1;
        await foreach ((long number, MemberEvent memberEvent) in _channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return number == expected ? memberEvent : memberEvent with { Missed = number - expected };
            expected = number + 1;
        }
    }
}
