namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>What a command of the binary protocol consists of.</summary>
/// <param name="ExtrasLength">Bytes of extras.</param>
/// <param name="HasKey">Whether there is a key; null where that is left to the client.</param>
/// <param name="HasValue">Whether there may be a value.</param>
/// <param name="MayLackExtras">Whether the extras may be left out.</param>
internal readonly record struct RequestShape(int ExtrasLength, bool? HasKey, bool HasValue = false, bool MayLackExtras = false)
{
    public bool Admits(int extrasLength, int keyLength, uint valueLength)
        => (extrasLength == ExtrasLength || (MayLackExtras && extrasLength == 0))
            && (HasKey is null || HasKey == keyLength > 0)
            && (HasValue || valueLength == 0);

    /// <summary>The shape of a command (without its Q); null for what is no command.</summary>
    public static RequestShape? Of(Opcode command) => command switch
    {
        Opcode.Get or Opcode.GetK or Opcode.Delete => new(0, HasKey: true),
        Opcode.Set or Opcode.Add or Opcode.Replace => new(8, HasKey: true, HasValue: true),
        Opcode.Append or Opcode.Prepend => new(0, HasKey: true, HasValue: true),
        Opcode.Increment or Opcode.Decrement => new(20, HasKey: true),
        Opcode.Touch or Opcode.Gat or Opcode.GatK => new(4, HasKey: true),
        Opcode.Flush => new(4, HasKey: false, MayLackExtras: true),
        Opcode.Quit or Opcode.NoOp or Opcode.Version or Opcode.SaslListMechanisms => new(0, HasKey: false),
        Opcode.Stat => new(0, HasKey: null),
        Opcode.Verbosity => new(4, HasKey: false),
        Opcode.SaslAuthenticate or Opcode.SaslStep => new(0, HasKey: true, HasValue: true),
        _ => null,
    };
}
