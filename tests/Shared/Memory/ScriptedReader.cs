using System.Buffers;
using System.IO.Pipelines;

namespace LivenessEngine.Testing;

/// <summary>
/// What a server reads, in exactly the reads and the segments that a test makes. Holds the server to the contract of a
/// reader: it takes only what was shown, and looks again only when there is something new to see.
/// </summary>
internal sealed class ScriptedReader : PipeReader
{
    private readonly List<byte[]> _segments = [];
    private TaskCompletionSource? _arrival;
    private int _consumedOfFirst;
    private bool _examinedAll;
    private bool _ended;
    private bool _cancelled;
    private Sequence? _shown;

    /// <summary>One read of so many segments, after what is left of the reads before.</summary>
    public void Feed(params ReadOnlySpan<byte[]> segments)
    {
        _segments.AddRange(segments);
        Arrive();
    }

    /// <summary>No more will come.</summary>
    public void End()
    {
        _ended = true;
        Arrive();
    }

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (!TryRead(out ReadResult result))
        {
            _arrival = new TaskCompletionSource();
            await _arrival.Task.ConfigureAwait(false);
            Assert.True(TryRead(out result));
        }

        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        Assert.Null(_shown);
        if (_examinedAll && !_ended && !_cancelled)
        {
            result = default;
            return false;
        }

        _shown = Sequence.Of(_segments, _consumedOfFirst);
        result = new ReadResult(_shown.Value, _cancelled, _ended);
        _cancelled = false;
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        ReadOnlySequence<byte> shown = _shown!.Value;
        _shown = null;
        long taken = shown.Slice(0, consumed).Length;
        _examinedAll = shown.Slice(examined).IsEmpty;
        Assert.True(taken <= shown.Slice(0, examined).Length);
        taken += _consumedOfFirst;
        while (_segments.Count > 0 && taken >= _segments[0].Length)
        {
            taken -= _segments[0].Length;
            _segments.RemoveAt(0);
        }

        _consumedOfFirst = (int)taken;
    }

    public override void CancelPendingRead()
    {
        _cancelled = true;
        Arrive();
    }

    public override void Complete(Exception? exception = null) => _segments.Clear();

    private void Arrive()
    {
        _examinedAll = false;
        TaskCompletionSource? arrival = _arrival;
        _arrival = null;
        arrival?.SetResult();
    }

    private sealed class Sequence(ReadOnlySequence<byte> value)
    {
        public ReadOnlySequence<byte> Value => value;

        public static Sequence Of(List<byte[]> segments, int consumedOfFirst)
        {
            if (segments.Count == 0)
            {
                return new Sequence(ReadOnlySequence<byte>.Empty);
            }

            Segment first = new(segments[0], 0);
            Segment last = first;
            for (int i = 1; i < segments.Count; i++)
            {
                last = last.Append(segments[i]);
            }

            return new Sequence(new ReadOnlySequence<byte>(first, consumedOfFirst, last, last.Memory.Length));
        }
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long start)
        {
            Memory = bytes;
            RunningIndex = start;
        }

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
