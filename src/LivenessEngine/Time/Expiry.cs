namespace LivenessEngine.Time;

/// <summary>
/// What a raw exptime on the wire means (memcached, protocol.txt, "Expiration times"): 0 is never; up to 30 days,
/// inclusive, counts from now; more is an absolute Unix time; a negative one has already expired.
/// </summary>
internal static class Expiry
{
    /// <summary>A deadline that never comes.</summary>
    public const long Never = long.MaxValue;

    /// <summary>A deadline that has always passed.</summary>
    public const long AlreadyExpired = 0;

    private const long RelativeLimitSeconds = 60 * 60 * 24 * 30;

    /// <summary>The deadline in Unix milliseconds for an exptime in seconds.</summary>
    public static long ToDeadline(long exptime, long unixMilliseconds) => exptime switch
    {
        0 => Never,
        < 0 => AlreadyExpired,
        <= RelativeLimitSeconds => unixMilliseconds + (exptime * 1000),
        >= Never / 1000 => Never,
        _ => exptime * 1000,
    };
}
