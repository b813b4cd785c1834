namespace LivenessEngine;

/// <summary>What the engine says of a member.</summary>
public enum MemberState
{
    /// <summary>Never seen: nothing can be said.</summary>
    Unknown = 0,

    /// <summary>Seen within the service down time.</summary>
    Up = 1,

    /// <summary>Not seen for longer than the service down time, or forced down by an operator.</summary>
    Down = 2,

    /// <summary>
    /// Silent for longer than the service down time, but so is half of its group: it counts as up until that is cleared up.
    /// </summary>
    Suspect = 3,
}
