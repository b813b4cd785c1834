using System.Collections.Concurrent;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Gets, hits, sets and deletes by key prefix, for "stats detail". Off by default; while it is off it costs one read of a
/// flag. Counting a known prefix waits for nobody; a new one takes a lock of the dictionary's, once.
/// </summary>
internal sealed class PrefixStats(char delimiter)
{
    /// <summary>Prefixes that are kept; keys of further ones are not counted, so that keys cannot use up memory.</summary>
    private const int MaxPrefixes = 10_000;

    private readonly ConcurrentDictionary<byte[], Counts> _prefixes = new(Utf8Comparer.Instance);
    private volatile bool _isCollecting;

    public bool IsCollecting
    {
        get => _isCollecting;
        set => _isCollecting = value;
    }

    public char Delimiter => delimiter;

    public void RecordGet(ReadOnlySpan<byte> key, bool hit)
    {
        if (Find(key) is { } counts)
        {
            Interlocked.Increment(ref counts.Gets);
            if (hit)
            {
                Interlocked.Increment(ref counts.Hits);
            }
        }
    }

    public void RecordSet(ReadOnlySpan<byte> key)
    {
        if (Find(key) is { } counts)
        {
            Interlocked.Increment(ref counts.Sets);
        }
    }

    public void RecordDelete(ReadOnlySpan<byte> key)
    {
        if (Find(key) is { } counts)
        {
            Interlocked.Increment(ref counts.Deletes);
        }
    }

    public void Clear() => _prefixes.Clear();

    /// <summary>PREFIX &lt;prefix&gt; get &lt;n&gt; hit &lt;n&gt; set &lt;n&gt; del &lt;n&gt;, a line each, and END.</summary>
    public void Write(ref ReplyWriter writer)
    {
        foreach ((byte[] prefix, Counts counts) in _prefixes)
        {
            writer.Write("PREFIX "u8);
            writer.Write(prefix);
            writer.Write(" get "u8);
            writer.Write(Volatile.Read(ref counts.Gets));
            writer.Write(" hit "u8);
            writer.Write(Volatile.Read(ref counts.Hits));
            writer.Write(" set "u8);
            writer.Write(Volatile.Read(ref counts.Sets));
            writer.Write(" del "u8);
            writer.Write(Volatile.Read(ref counts.Deletes));
            writer.Write("\r\n"u8);
        }

        writer.Write(Replies.End);
    }

    private Counts? Find(ReadOnlySpan<byte> key)
    {
        int length = key.IndexOf((byte)delimiter);
        if (length < 0)
        {
            return null;
        }

        ReadOnlySpan<byte> prefix = key[..length];
        if (_prefixes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(prefix, out Counts? counts))
        {
            return counts;
        }

        return _prefixes.Count < MaxPrefixes ? _prefixes.GetOrAdd(prefix.ToArray(), static _ => new Counts()) : null;
    }

    private sealed class Counts
    {
        public long Gets;
        public long Hits;
        public long Sets;
        public long Deletes;
    }
}
