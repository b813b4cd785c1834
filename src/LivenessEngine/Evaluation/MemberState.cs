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
    /// Silent for longer than the service down time, but so is much of its group: it counts as up for one service down time
    /// more (<see cref="ServiceGroupOptions.BrakeShare"/>).
    /// </summary>
    Suspect = 3,
}
