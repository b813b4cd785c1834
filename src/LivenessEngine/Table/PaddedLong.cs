using System.Runtime.InteropServices;

namespace LivenessEngine.Table;

/// <summary>A word with a pair of cache lines to itself, for one that many threads write.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}
