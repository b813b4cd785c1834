namespace LivenessEngine.Table;

/// <summary>
/// Recency in 32 bits: Unix time in units of 16 ms, wrapping after two years. Fine enough to order what was stored
/// within a second, coarse enough that a hot item's line is rewritten 60 times a second at most.
/// </summary>
internal static class AccessStamp
{
    private const int UnitShift = 4;

    public static uint At(long unixMilliseconds) => (uint)(unixMilliseconds >> UnitShift);

    /// <summary>How long ago, in stamp units; a stamp slightly ahead of now is no age at all.</summary>
    public static uint Age(uint stamp, uint now) => (int)(now - stamp) < 0 ? 0 : now - stamp;

    /// <summary>How long ago, in stamp units, something was at an age in ticks of 100 ns; at most what a stamp can tell.</summary>
    public static uint OfTicks(long age) => (uint)Math.Clamp(age / (TimeSpan.TicksPerMillisecond << UnitShift), 0, uint.MaxValue);

    /// <summary>A whole number of seconds is that many again, wherever between two stamps it began.</summary>
    public static long ToSeconds(uint age) => (((long)age << UnitShift) + (1 << (UnitShift - 1))) / 1000;
}
