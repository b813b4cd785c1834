namespace LivenessEngine.Evaluation;

/// <summary>Why a verdict changed.</summary>
internal enum TransitionReason
{
    /// <summary>It was seen in time, and nobody holds it down.</summary>
    Seen,

    /// <summary>It was silent for too long.</summary>
    Silence,

    /// <summary>It was silent for too long together with much of its group, and its verdict is held.</summary>
    Held,

    /// <summary>It left.</summary>
    Left,

    /// <summary>An operator declared it down.</summary>
    ForcedDown,

    /// <summary>Its verdict was held, and an operator has released the group.</summary>
    Released,
}
