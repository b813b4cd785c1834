using System.Runtime.CompilerServices;

namespace LivenessEngine.Time;

/// <summary>Limits, the first first; behind the last of them all is 0. Times are told from that of the saving.</summary>
[InlineArray(Capacity)]
internal struct SavedLimits
{
    /// <summary>More than <see cref="RealTimeLimits"/> has at a time.</summary>
    public const int Capacity = 36;

    private RealTimeLimit _first;
}
