using System.Buffers.Text;

namespace LivenessEngine.Tools.Instruments;

/// <summary>The reply to one get: VALUE &lt;key&gt; &lt;flags&gt; &lt;bytes&gt; and the bytes, as often as there are hits, and END.</summary>
internal sealed class ValueReplies
{
    private byte[] _buffer = new byte[64 << 10];
    private int _length;
    private int _parsed;

    public List<(ReadOnlyMemory<byte> Key, uint Flags, ReadOnlyMemory<byte> Value)> Values { get; } = [];

    public void Clear()
    {
        (_length, _parsed) = (0, 0);
        Values.Clear();
    }

    /// <summary>True when END has come.</summary>
    /// <exception cref="InvalidDataException">It is another reply.</exception>
    public bool Take(ReadOnlyMemory<byte> received)
    {
        // Memory of values points into the old buffer, which stays as it was.
        if (_length + received.Length > _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * (_length + received.Length));
        }

        received.Span.CopyTo(_buffer.AsSpan(_length));
        _length += received.Length;
        while (_buffer.AsSpan(_parsed, _length - _parsed).IndexOf("\r\n"u8) is >= 0 and int end)
        {
            ReadOnlySpan<byte> line = _buffer.AsSpan(_parsed, end);
            if (line.SequenceEqual("END"u8))
            {
                return true;
            }

            (int key, uint flags, int bytes) = Parse(line);
            int value = _parsed + end + 2;
            if (value + bytes + 2 > _length)
            {
                return false;
            }

            Values.Add((_buffer.AsMemory(_parsed + 6, key), flags, _buffer.AsMemory(value, bytes)));
            _parsed = value + bytes + 2;
        }

        return false;
    }

    private static (int KeyLength, uint Flags, int Bytes) Parse(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("VALUE "u8))
        {
            ReadOnlySpan<byte> rest = line[6..];
            int key = rest.IndexOf((byte)' ');
            if (key > 0 && Utf8Parser.TryParse(rest[(key + 1)..], out uint flags, out int used)
                && Utf8Parser.TryParse(rest[(key + used + 2)..], out int bytes, out _))
            {
                return (key, flags, bytes);
            }
        }

        throw new InvalidDataException($"not a reply to get: {System.Text.Encoding.Latin1.GetString(line)}");
    }
}
