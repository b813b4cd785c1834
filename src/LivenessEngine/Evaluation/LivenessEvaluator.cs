namespace LivenessEngine;

/// <summary>
/// The verdict, as a pure function: a member is up when it was seen no longer ago than the service down time. Every
/// driver and every protocol asks here, so they cannot disagree.
/// </summary>
/// <remarks>
/// The rule is Nova's (<c>nova/servicegroup/drivers/db.py</c>): up if and only if
/// <c>abs(now - last_seen) &lt;= service_down_time</c>, both ends included; a member seen too far in the future is down
/// too, since its clock or ours is wrong. Forced down wins before anything else is looked at
/// (<c>nova/servicegroup/api.py</c>). Thread-safe: it has no state.
/// </remarks>
public static class LivenessEvaluator
{
    /// <summary>The verdict on a member by times of one clock.</summary>
    /// <param name="lastSeen">When the member was last seen, or null if it never was.</param>
    /// <param name="now">The present, on the same clock.</param>
    /// <param name="serviceDownTime">How long a member may be silent and still be up, inclusive.</param>
    /// <param name="forcedDown">Whether an operator has declared it down.</param>
    /// <returns>
    /// <see cref="MemberState.Down"/> if forced down; else <see cref="MemberState.Unknown"/> if never seen; else up or
    /// down.
    /// </returns>
    public static MemberState Evaluate(DateTimeOffset? lastSeen, DateTimeOffset now, TimeSpan serviceDownTime, bool forcedDown = false)
        => forcedDown ? MemberState.Down
            : lastSeen is null ? MemberState.Unknown
            : Within((now - lastSeen.Value).Ticks, serviceDownTime.Ticks);

    /// <summary>The verdict by readings of the liveness clock, on which 0 is never.</summary>
    internal static MemberState Evaluate(long lastSeen, long now, long serviceDownTime, bool forcedDown = false)
        => forcedDown ? MemberState.Down
            : lastSeen == 0 ? MemberState.Unknown
            : Within(now - lastSeen, serviceDownTime);

    /// <summary>The verdict by how long ago a member was seen, on whatever clock; null for never.</summary>
    internal static MemberState Evaluate(TimeSpan? age, TimeSpan serviceDownTime, bool forcedDown = false)
        => forcedDown ? MemberState.Down
            : age is null ? MemberState.Unknown
            : Within(age.Value.Ticks, serviceDownTime.Ticks);

    private static MemberState Within(long elapsed, long serviceDownTime)
        => Math.Abs(elapsed) <= serviceDownTime ? MemberState.Up : MemberState.Down;
}
