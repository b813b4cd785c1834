namespace LivenessEngine.Tools.Instruments;

/// <summary>Times from the middle up; zero where there are none.</summary>
internal readonly record struct Percentiles(TimeSpan P50, TimeSpan P99, TimeSpan Max)
{
    public static Percentiles Of(IEnumerable<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        TimeSpan At(double share) => sorted[Math.Min((int)(share * sorted.Length), sorted.Length - 1)];
        return sorted.Length == 0 ? default : new Percentiles(At(0.5), At(0.99), sorted[^1]);
    }
}
