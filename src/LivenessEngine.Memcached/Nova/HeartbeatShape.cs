using System.Buffers.Binary;
using System.Buffers.Text;

namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// A heartbeat that was read, as a pattern for others: those of one kind of client are the same but for the two times, so
/// what is the same need not be read again.
/// </summary>
internal sealed class HeartbeatShape
{
    private readonly byte[] _value;
    private readonly CachedDateTime _read;

    // Where what stands between the times begins, and what stands behind them.
    private readonly int _middle;
    private readonly int _behind;

    private HeartbeatShape(byte[] value, CachedDateTime read)
    {
        _value = value;
        _read = read;
        _middle = read.PayloadAt.Offset + read.PayloadAt.Length;
        _behind = read.Place.Offset + read.Place.Length;
    }

    /// <summary>Null where the times do not follow one another as they mostly do.</summary>
    public static HeartbeatShape? Of(ReadOnlySpan<byte> value, CachedDateTime read)
        => read.Place.Form != CreationTimeForm.None
            && read.PayloadAt.Kind is PickleKind.Bytes or PickleKind.Utf8 or PickleKind.Escaped
            && read.PayloadAt.Offset + read.PayloadAt.Length <= read.Place.Offset
                ? new HeartbeatShape(value.ToArray(), read)
                : null;

    /// <summary>Reads a value of this shape; false for any other.</summary>
    public bool TryRead(ReadOnlySpan<byte> value, out CachedDateTime read)
    {
        read = default;
        int start = _read.PayloadAt.Offset;
        if (value.Length <= start || !value[..start].SequenceEqual(_value.AsSpan(0, start)))
        {
            return false;
        }

        // A line of text has the length that it takes; everything else is as long as it was.
        int length = _read.PayloadAt.Kind == PickleKind.Escaped ? value[start..].IndexOf((byte)'\n') : _read.PayloadAt.Length;
        ReadOnlySpan<byte> middle = _value.AsSpan(_middle, _read.Place.Offset - _middle);
        int timeAt = start + length + middle.Length;
        if (length < 0 || value.Length <= timeAt || !value[(start + length)..timeAt].SequenceEqual(middle))
        {
            return false;
        }

        PickleNode payload = _read.PayloadAt with { Length = length };
        Span<byte> date = stackalloc byte[PickleText.DateLength];
        if (!PickleText.TryCopy(value, payload, date, out int copied) || copied != date.Length || !PickleText.TryDate(date, out DateTime time))
        {
            return false;
        }

        if (!TryTime(value[timeAt..], out double seconds, out int timeLength)
            || !value[(timeAt + timeLength)..].SequenceEqual(_value.AsSpan(_behind)))
        {
            return false;
        }

        read = new CachedDateTime(time, seconds, _read.Version, new CreationTimePlace(_read.Place.Form, timeAt, timeLength)) { PayloadAt = payload };
        return true;
    }

    private bool TryTime(ReadOnlySpan<byte> rest, out double seconds, out int length)
    {
        seconds = 0;
        if (_read.Place.Form == CreationTimeForm.Double)
        {
            length = sizeof(double);
            seconds = rest.Length < length ? double.NaN : BinaryPrimitives.ReadDoubleBigEndian(rest);
        }
        else
        {
            length = rest.IndexOf((byte)'\n');
            if (length < 0 || !Utf8Parser.TryParse(rest[..length], out seconds, out int used) || used != length)
            {
                return false;
            }
        }

        return double.IsFinite(seconds) && Math.Abs(seconds) <= PickleMachine.LatestTime;
    }
}
