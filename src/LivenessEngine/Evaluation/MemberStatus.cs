namespace LivenessEngine;

/// <summary>One member as it stood when it was asked for.</summary>
/// <param name="Group">Its group.</param>
/// <param name="Member">Its name.</param>
/// <param name="State">The verdict.</param>
/// <param name="LastSeen">When it was last seen, in Coordinated Universal Time; null if it never was.</param>
/// <param name="Age">For how long it has not been seen, on the engine's liveness clock; null if it never was.</param>
public sealed record MemberStatus(string Group, string Member, MemberState State, DateTimeOffset? LastSeen, TimeSpan? Age)
{
    /// <summary>What is registered about it, where its group is kept in Nova's <c>services</c> table; else null.</summary>
    public ServiceRecord? Service { get; init; }

    /// <summary>
    /// By how much its last heartbeat arrived after the time that it carries: how far the node's clock is behind, or ahead if
    /// negative, and the way of the heartbeat. No verdict goes by it. Null where heartbeats carry no time.
    /// </summary>
    public TimeSpan? Skew { get; init; }
}
