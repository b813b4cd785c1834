namespace LivenessEngine.ServiceGroups;

/// <summary>What is known of a member's last heartbeat, by the clock of the place that was asked.</summary>
/// <param name="Age">How long ago; null if there is nothing to judge by. Negative if its time lies ahead.</param>
/// <param name="LastSeen">When, in Coordinated Universal Time; null if it never beat.</param>
/// <param name="Service">What is registered about it; null where nothing is kept.</param>
internal readonly record struct Evidence(TimeSpan? Age, DateTimeOffset? LastSeen, ServiceRecord? Service = null)
{
    /// <summary>What the engine of this process says, which knows more than the age; null where a place outside was asked.</summary>
    public MemberState? State { get; init; }

    public MemberState Verdict(TimeSpan serviceDownTime)
        => State is { } state && Service?.IsForcedDown != true ? state : LivenessEvaluator.Evaluate(Age, serviceDownTime, Service?.IsForcedDown ?? false);

    public MemberStatus ToStatus(MemberName name, TimeSpan serviceDownTime)
        => new(name.Group, name.Member, Verdict(serviceDownTime), LastSeen, LastSeen is null ? null : Age) { Service = Service };

    /// <summary>The newest of two places' evidence, and what either knows of the service.</summary>
    public static Evidence Newest(in Evidence a, in Evidence b)
    {
        bool first = b.Age is null || (a.Age is { } age && age.Duration() <= b.Age.Value.Duration());
        Evidence newest = first ? a : b;
        return newest with { LastSeen = newest.LastSeen ?? (first ? b : a).LastSeen, Service = a.Service ?? b.Service };
    }
}
