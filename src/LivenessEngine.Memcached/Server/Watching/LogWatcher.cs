using System.Buffers.Text;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>One watcher's lines, until its connection takes them. When it is slow, lines are skipped, and it is told how many.</summary>
/// <param name="log">Where it comes from.</param>
/// <param name="kinds">What it is told.</param>
/// <param name="after">The number of the last line that was before it.</param>
internal sealed class LogWatcher(EventLog log, WatchKinds kinds, long after) : IDisposable
{
    /// <summary>Bytes that may wait for a watcher (memcached's watcher_logbuf_size).</summary>
    public const int BufferSize = 256 << 10;

    private const int LongestNote = 32;

    private readonly LineBuffer _lines = new(BufferSize);
    private readonly SemaphoreSlim _signal = new(0);
    private byte[]? _spare;
    private long _skipped;
    private int _signalled;

    public WatchKinds Kinds => kinds;

    public long After => after;

    /// <summary>Called by the log's own task alone. False: the line is skipped.</summary>
    public bool Offer(ReadOnlySpan<byte> line)
    {
        Span<byte> note = stackalloc byte[LongestNote];
        if (!_lines.TryAdd(note[..WriteNote(note)], line))
        {
            _skipped++;
            return false;
        }

        _skipped = 0;
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            _signal.Release();
        }

        return true;
    }

    /// <summary>Waits for lines. Called by the watcher's connection alone, as <see cref="Take"/> is.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _signal.WaitAsync(cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _signalled, 0);
    }

    /// <summary>What has come; good until it is called again.</summary>
    public ReadOnlyMemory<byte> Take() => _lines.Swap(ref _spare);

    /// <summary>The watcher has gone.</summary>
    public void Dispose() => log.Remove(this);

    // skipped=<lines>, in front of the first line that fits again
    private int WriteNote(Span<byte> note)
    {
        if (_skipped == 0)
        {
            return 0;
        }

        "skipped="u8.CopyTo(note);
        Utf8Formatter.TryFormat(_skipped, note[8..], out int digits);
        note[8 + digits] = (byte)'\n';
        return 9 + digits;
    }
}
