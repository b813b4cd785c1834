namespace LivenessEngine;

/// <summary>The last of some values, and the largest. Set by one thread at a time, read by any.</summary>
internal sealed class LastAndMost
{
    private double _last;
    private double _most;

    public double Last => Volatile.Read(ref _last);

    public double Most => Volatile.Read(ref _most);

    public void Set(double value)
    {
        Volatile.Write(ref _last, value);
        Volatile.Write(ref _most, Math.Max(_most, value));
    }
}
