namespace LivenessEngine.Fuzz.Targets;

/// <summary>
/// Opens targets by their names. Their code may be another copy of this assembly, with other types of the same names
/// (<see cref="Coverage.InstrumentedCode"/>), so nothing but delegates goes through here.
/// </summary>
internal static class TargetDoor
{
    public static (Func<byte[], int> Take, Action End) Open(string name, int seed)
    {
        ITarget target = name switch
        {
            "text" => new WireTarget(seed, isBinary: false),
            "binary" => new WireTarget(seed, isBinary: true),
            "heartbeat" => new HeartbeatTarget(),
            "state" => new StateFileTarget(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such target"),
        };
        return (target.Take, target.End);
    }
}
