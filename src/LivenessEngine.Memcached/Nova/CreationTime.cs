using System.Buffers.Binary;
using System.Globalization;

namespace LivenessEngine.Memcached.Nova;

/// <summary>The bytes of a <c>ct</c> in a pickle.</summary>
internal static class CreationTime
{
    public const int DoubleLength = sizeof(double);

    /// <summary>Bytes of the longest that <see cref="Write"/> writes.</summary>
    public const int LongestLength = 32;

    /// <summary>How many bytes the one that stands in a value takes.</summary>
    public static int LengthAt(ReadOnlySpan<byte> value, HeartbeatForm form, int at)
        => form == HeartbeatForm.Double ? DoubleLength : value[at..].IndexOf((byte)'\n');

    /// <summary>Writes one; returns its length.</summary>
    public static int Write(double seconds, HeartbeatForm form, Span<byte> target)
    {
        if (form == HeartbeatForm.Double)
        {
            BinaryPrimitives.WriteDoubleBigEndian(target, seconds);
            return DoubleLength;
        }

        // Microseconds, which is what python's repr of such a time mostly has.
        seconds.TryFormat(target, out int length, "F6", CultureInfo.InvariantCulture);
        return length;
    }
}
