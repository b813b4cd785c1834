namespace LivenessEngine.Interop.CommandLine;

/// <summary>What becomes of a flag of memcached's here.</summary>
internal enum FlagFate
{
    /// <summary>Means here what it means there.</summary>
    Works,

    /// <summary>So does this, and goes with no other: it has tests of its own.</summary>
    Alone,

    /// <summary>So does this, and has to do with who may use the server: it has tests of its own.</summary>
    Guarded,

    /// <summary>Says something, and ends.</summary>
    Ends,

    /// <summary>Accepted, and said to have no effect.</summary>
    Noted,

    /// <summary>Refused, with the reason.</summary>
    Refused,
}
