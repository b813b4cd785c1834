namespace LivenessEngine.Wire.Exchanges;

/// <summary>How what has come compares with what has to come.</summary>
internal enum Fit
{
    /// <summary>Something else has come.</summary>
    None,

    /// <summary>So far so good; more has to come.</summary>
    Prefix,

    /// <summary>All of it has come.</summary>
    Whole,
}

/// <param name="Fit">The verdict.</param>
/// <param name="Length">How far the reply was as it should be.</param>
internal readonly record struct Comparison(Fit Fit, int Length);
