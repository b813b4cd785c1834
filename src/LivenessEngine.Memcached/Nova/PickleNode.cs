namespace LivenessEngine.Memcached.Nova;

/// <summary>Something on the stack of a <see cref="PickleMachine"/>.</summary>
/// <param name="Offset">Where its bytes stand in the pickle; for a tuple, where its parts stand among the parts.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Bits">A number, the bits of a double, the ticks of a datetime, or which name.</param>
internal readonly record struct PickleNode(PickleKind Kind, int Offset = 0, int Length = 0, long Bits = 0)
{
    public double Real => BitConverter.Int64BitsToDouble(Bits);

    public PickleName Name => Kind == PickleKind.Name ? (PickleName)Bits : PickleName.Other;
}
