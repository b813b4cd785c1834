namespace LivenessEngine;

/// <summary>
/// A member's verdict has changed: a <see cref="MemberUp"/>, a <see cref="MemberSuspect"/> or a <see cref="MemberDown"/>.
/// </summary>
public abstract record MemberEvent
{
    private protected MemberEvent(string group, string member, DateTimeOffset at, DateTimeOffset lastSeen)
    {
        Group = group;
        Member = member;
        At = at;
        LastSeen = lastSeen;
    }

    /// <summary>The member's group, such as <c>compute</c>.</summary>
    public string Group { get; }

    /// <summary>The member's name, such as <c>node1</c>.</summary>
    public string Member { get; }

    /// <summary>When the engine found it out, in Coordinated Universal Time.</summary>
    public DateTimeOffset At { get; }

    /// <summary>When the member was last seen, in Coordinated Universal Time.</summary>
    public DateTimeOffset LastSeen { get; }

    /// <summary>
    /// How many events right before this one the subscriber has lost because it read too slowly; 0 if none. The state
    /// of the group can then be had anew from <see cref="ServiceGroup.Members(string)"/>.
    /// </summary>
    public long Missed { get; init; }
}

/// <summary>A member is up: it was seen for the first time, or again after it had been down or under suspicion.</summary>
public sealed record MemberUp : MemberEvent
{
    internal MemberUp(string group, string member, DateTimeOffset at, DateTimeOffset lastSeen)
        : base(group, member, at, lastSeen)
    {
    }
}

/// <summary>
/// A member has been silent for longer than the service down time, and so has much of its group
/// (<see cref="ServiceGroupOptions.BrakeShare"/>): it counts as up for one service down time more. A <see cref="MemberUp"/>
/// follows when it is heard in that time, and else a <see cref="MemberDown"/>.
/// </summary>
public sealed record MemberSuspect : MemberEvent
{
    internal MemberSuspect(string group, string member, DateTimeOffset at, DateTimeOffset lastSeen)
        : base(group, member, at, lastSeen)
    {
    }
}

/// <summary>A member is down.</summary>
public sealed record MemberDown : MemberEvent
{
    internal MemberDown(string group, string member, DateTimeOffset at, DateTimeOffset lastSeen, DownReason reason)
        : base(group, member, at, lastSeen) => Reason = reason;

    /// <summary>Why.</summary>
    public DownReason Reason { get; }
}

/// <summary>Why a member went down.</summary>
public enum DownReason
{
    /// <summary>It was silent for longer than the service down time, and was not, or no longer, held as a suspect.</summary>
    Silence = 0,

    /// <summary>It left, and is in its group no more.</summary>
    Left = 1,

    /// <summary>An operator has declared it down.</summary>
    ForcedDown = 2,

    /// <summary>It was held as a suspect, and an operator has released its group.</summary>
    Released = 3,
}
