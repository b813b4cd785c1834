namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>What a member is doing, whatever the server thinks of it.</summary>
internal enum Standing : byte
{
    /// <summary>It reports.</summary>
    Beating,

    /// <summary>Silent for a while together with most others, and about to come back: it lives.</summary>
    Away,

    /// <summary>Silent for good.</summary>
    Dead,
}
