using System.Buffers.Text;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>A line of the log while it is made: <c>ts=&lt;unix time&gt; gid=&lt;number&gt; type=&lt;type&gt; ...</c>.</summary>
/// <param name="target">Room for the line: <see cref="Longest"/>.</param>
internal ref struct EventLine(Span<byte> target)
{
    /// <summary>Bytes of the longest line: a key of which every byte is encoded, and the words around it.</summary>
    public const int Longest = 1024;

    private const long TicksPerMicrosecond = TimeSpan.TicksPerMillisecond / 1000;

    private readonly Span<byte> _target = target;
    private int _length;

    public readonly ReadOnlySpan<byte> Text => _target[.._length];

    /// <summary>ts=&lt;seconds&gt;.&lt;microseconds&gt; gid=&lt;number&gt;. The microseconds have no leading zeros: memcached's do not.</summary>
    public void Begin(DateTimeOffset time, long id)
    {
        long ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        Add("ts="u8, ticks / TimeSpan.TicksPerSecond);
        Add("."u8, ticks % TimeSpan.TicksPerSecond / TicksPerMicrosecond);
        Add(" gid="u8, id);
    }

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_target[_length..]);
        _length += text.Length;
    }

    public void Add(scoped ReadOnlySpan<byte> word, long number)
    {
        Add(word);
        Utf8Formatter.TryFormat(number, _target[_length..], out int digits);
        _length += digits;
    }

    public void AddKey(scoped ReadOnlySpan<byte> key)
    {
        Add(" key="u8);
        _length += UriText.Encode(key, _target[_length..]);
    }
}
