using System.Buffers.Binary;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>
/// What watchers are told. Each thread that serves logs into a buffer of its own, and one task carries the lines to the
/// watchers: so nobody who serves waits for a watcher, and while nobody watches there is neither buffer nor task.
/// </summary>
/// <remarks>As in memcached, lines of several threads come in any order; their gid tells the right one.</remarks>
#pragma warning disable CA1001 // Never disposed: connections may end after the server has.
internal sealed class EventLog(ServerCounters counters)
#pragma warning restore CA1001
{
    /// <summary>Bytes that may wait in a thread's buffer (memcached's worker_logbuf_size).</summary>
    public const int WorkerBufferSize = 64 << 10;

    /// <summary>Watchers at a time.</summary>
    public const int MostWatchers = 20;

    private const int HeadLength = (2 * sizeof(ushort)) + sizeof(long);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly LineBuffer?[] _buffers = new LineBuffer?[ThreadSlot.Max];
    private LogWatcher[] _watchers = [];
    private bool _isCarrying;
    private byte[]? _spare;
    private int _wanted;
    private int _signalled;
    private long _lastId;

    /// <summary>What somebody watches. Read once a turn by those who serve.</summary>
    public WatchKinds Wanted => (WatchKinds)Volatile.Read(ref _wanted);

    public int Watchers => Volatile.Read(ref _watchers).Length;

    /// <summary>Whether somebody watches that.</summary>
    public bool Wants(WatchKinds kind) => (Wanted & kind) != 0;

    /// <summary>The next number of a line (gid).</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Takes a watcher, unless there are as many as may be; null then.</summary>
    public LogWatcher? TryAdd(WatchKinds kinds)
    {
        lock (_gate)
        {
            if (_watchers.Length == MostWatchers)
            {
                return null;
            }

            var watcher = new LogWatcher(this, kinds, NextId());
            Publish([.. _watchers, watcher]);
            if (!_isCarrying)
            {
                _isCarrying = true;
                _ = Task.Run(CarryAsync);
            }

            return watcher;
        }
    }

    /// <summary>Forgets a watcher; again is as good as once.</summary>
    public void Remove(LogWatcher watcher)
    {
        lock (_gate)
        {
            Publish([.. _watchers.Where(other => other != watcher)]);
        }

        Signal();
    }

    /// <summary>Takes a line with its end. Never waits: what does not fit is dropped and counted.</summary>
    /// <param name="kind">Whom it is for.</param>
    /// <param name="id">Its number.</param>
    /// <param name="line">The line.</param>
    public void Add(WatchKinds kind, long id, ReadOnlySpan<byte> line)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)kind);
        BinaryPrimitives.WriteUInt16LittleEndian(head[sizeof(ushort)..], (ushort)line.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[(2 * sizeof(ushort))..], id);
        ref LineBuffer? slot = ref _buffers[ThreadSlot.Current];

        // Looked at once: when the last watcher goes, the slot is cleared under whoever is here.
        LineBuffer buffer = Volatile.Read(ref slot) ?? (slot = new LineBuffer(WorkerBufferSize));
        bool taken = buffer.TryAdd(head, line);
        counters.Add(taken ? WireCounter.LogWritten : WireCounter.LogDropped);
        if (taken)
        {
            Signal();
        }
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
        {
            _signal.Release();
        }
    }

    private void Publish(LogWatcher[] watchers)
    {
        Volatile.Write(ref _watchers, watchers);
        Volatile.Write(ref _wanted, (int)watchers.Aggregate(WatchKinds.None, (wanted, watcher) => wanted | watcher.Kinds));
    }

    private async Task CarryAsync()
    {
        while (true)
        {
            await _signal.WaitAsync().ConfigureAwait(false);

            // A full fence: no buffer is looked at before this is seen. Who logs after the look signals again.
            Interlocked.Exchange(ref _signalled, 0);
            CarryAll();
            lock (_gate)
            {
                if (_watchers.Length == 0)
                {
                    _isCarrying = false;
                    _spare = null;
                    Array.Clear(_buffers, 0, ThreadSlot.Used);
                    return;
                }
            }
        }
    }

    private void CarryAll()
    {
        for (int slot = 0; slot < ThreadSlot.Used; slot++)
        {
            if (Volatile.Read(ref _buffers[slot]) is not { } buffer)
            {
                continue;
            }

            ReadOnlySpan<byte> lines = buffer.Swap(ref _spare).Span;
            while (!lines.IsEmpty)
            {
                var kind = (WatchKinds)BinaryPrimitives.ReadUInt16LittleEndian(lines);
                int end = HeadLength + BinaryPrimitives.ReadUInt16LittleEndian(lines[sizeof(ushort)..]);
                long id = BinaryPrimitives.ReadInt64LittleEndian(lines[(2 * sizeof(ushort))..]);
                Carry(kind, id, lines[HeadLength..end]);
                lines = lines[end..];
            }
        }
    }

    private void Carry(WatchKinds kind, long id, ReadOnlySpan<byte> line)
    {
        foreach (LogWatcher watcher in Volatile.Read(ref _watchers))
        {
            if ((watcher.Kinds & kind) != 0 && id > watcher.After)
            {
                counters.Add(watcher.Offer(line) ? WireCounter.LogSent : WireCounter.LogSkipped);
            }
        }
    }
}
