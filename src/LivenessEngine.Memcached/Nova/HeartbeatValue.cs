using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LivenessEngine.Memcached.Nova;

/// <summary>A heartbeat's value in one of its forms.</summary>
internal static class HeartbeatValue
{
    // 9999-12-31 and before.
    private const double LatestTime = 253_402_300_799;

    public static (uint Flags, byte[] Value) Write(DateTime utc, MemcachedValueForm form)
    {
        if (form == MemcachedValueForm.Plain)
        {
            double seconds = (utc - DateTime.UnixEpoch).TotalSeconds;
            return (0, Encoding.ASCII.GetBytes(seconds.ToString("F6", CultureInfo.InvariantCulture)));
        }

        var value = new byte[CachedDateTimeWriter.Length];
        CachedDateTimeWriter.Write(utc, value);
        return (CachedDateTime.PickledFlag, value);
    }

    /// <summary>Reads either form.</summary>
    /// <param name="flags">The item's flags.</param>
    /// <param name="value">The item's value.</param>
    /// <param name="lastSeen">When the member was seen, by its own clock.</param>
    /// <param name="written">What the verdict goes by: Unix time in seconds, by the clock of whoever wrote it.</param>
    public static bool TryRead(uint flags, ReadOnlySpan<byte> value, out DateTime lastSeen, out double written)
    {
        if (IsPlain(flags))
        {
            lastSeen = default;
            if (!Utf8Parser.TryParse(value, out written, out int used) || used != value.Length || !(written is >= 0 and <= LatestTime))
            {
                return false;
            }

            lastSeen = DateTime.UnixEpoch.AddTicks((long)(written * TimeSpan.TicksPerSecond));
            return true;
        }

        bool read = CachedDateTimeReader.TryRead(value, flags, out CachedDateTime cached);
        (lastSeen, written) = (cached.Payload, cached.CreationTime);
        return read;
    }

    /// <summary>What was found in place of a heartbeat.</summary>
    public static string Describe(uint flags, ReadOnlySpan<byte> value)
        => IsPlain(flags) ? $"'{PickleText.Show(value)}' with flags {flags}" : CachedDateTimeReader.Describe(value, flags) ?? "a heartbeat";

    private static bool IsPlain(uint flags) => (flags & CachedDateTime.PickledFlag) == 0;
}
