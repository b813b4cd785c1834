namespace LivenessEngine.Evaluation;

/// <summary>A change of a member's verdict, as the history keeps it.</summary>
/// <param name="At">When the sweep found it, on the liveness clock.</param>
/// <param name="UnixMilliseconds">When, as Unix time, by the wall clock as it stood then: the history says what the events said.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Key">The member's key, its name behind the group's, or the SHA-1 of that.</param>
/// <param name="LastSeen">On the liveness clock.</param>
internal readonly record struct Transition(
    long At, long UnixMilliseconds, int Group, string Key, MemberState From, MemberState To, TransitionReason Reason, long LastSeen);
