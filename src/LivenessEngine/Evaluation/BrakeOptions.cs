namespace LivenessEngine.Evaluation;

/// <summary>When the mass-down brake holds a group.</summary>
/// <param name="Share">The least share of those who were up that has gone silent; 0 for never.</param>
/// <param name="Size">The least number of those who were up; 0 for never.</param>
/// <param name="ReportInterval">How often members report; where that is not known, zero.</param>
internal readonly record struct BrakeOptions(double Share, int Size, TimeSpan ReportInterval = default)
{
    public bool IsOn => Share > 0 && Size > 0;
}
