using System.Runtime.CompilerServices;

namespace LivenessEngine.Time;

/// <summary>Gaps, the oldest first; behind the last of them all is 0.</summary>
[InlineArray(Capacity)]
internal struct SavedGaps
{
    public const int Capacity = 32;

    private CreditGap _first;
}
