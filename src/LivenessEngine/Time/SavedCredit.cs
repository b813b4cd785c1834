using System.Runtime.InteropServices;

namespace LivenessEngine.Time;

/// <summary>
/// What <see cref="CreditLimit"/> knows, for the process that goes on from this one: without it an engine that is killed
/// again and again would never find the dead.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SavedCredit
{
    /// <summary>All that was not counted so far, in ticks of 100 ns.</summary>
    public long Uncounted;

    public long DownBefore;
    public long DeclareBefore;
    public SavedGaps Gaps;
    public SavedLimits Down;
    public SavedLimits Declared;
}
