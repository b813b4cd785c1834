using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace LivenessEngine.Memcached.Protocol;

/// <summary>
/// Writes replies into a buffer writer (a pipe's, in the server), taking its memory once for many replies.
/// <see cref="Complete"/> hands the last of them over; before it nothing counts as written.
/// </summary>
internal ref struct ReplyWriter
{
    private const int LeastTaken = 4096;
    private const int LongestNumber = 20;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _used;

    public ReplyWriter(IBufferWriter<byte> output) => _output = output;

    /// <summary>Bytes written through this writer.</summary>
    public long Written { get; private set; }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> target = Take(bytes.Length);
        bytes.CopyTo(target);
        _used += bytes.Length;
    }

    public void Write(byte value)
    {
        Take(1)[0] = value;
        _used++;
    }

    public void Write(ulong value)
    {
        Utf8Formatter.TryFormat(value, Take(LongestNumber), out int length);
        _used += length;
    }

    public void Write(long value)
    {
        Utf8Formatter.TryFormat(value, Take(LongestNumber), out int length);
        _used += length;
    }

    public void Write(string text)
    {
        // In two steps: Take may change what is used.
        int length = Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _used += length;
    }

    public void WriteLine(string text)
    {
        Write(text);
        Write("\r\n"u8);
    }

    /// <summary>Room for so many bytes; what was put there counts after <see cref="Advance"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Take(int length)
    {
        if (_span.Length - _used < length)
        {
            TakeMore(length);
        }

        return _span[_used..];
    }

    public void Advance(int length) => _used += length;

    /// <summary>Hands everything over to the output.</summary>
    public void Complete()
    {
        if (_used > 0)
        {
            _output.Advance(_used);
            Written += _used;
        }

        _span = default;
        _used = 0;
    }

    /// <summary>Bytes written, those that were not handed over included.</summary>
    public readonly long Total => Written + _used;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeMore(int length)
    {
        Complete();
        _span = _output.GetSpan(Math.Max(length, LeastTaken));
    }
}
