namespace LivenessEngine.Database.Dialects;

/// <summary>A failed statement in plain words.</summary>
/// <param name="Kind">What it says about trying again.</param>
/// <param name="Cause">What is wrong, for a message that has named the database already.</param>
internal readonly record struct Fault(FaultKind Kind, string Cause);
