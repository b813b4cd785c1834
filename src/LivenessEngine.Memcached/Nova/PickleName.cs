namespace LivenessEngine.Memcached.Nova;

/// <summary>What a pickle of a heartbeat may name; anything else is refused.</summary>
internal enum PickleName : byte
{
    Other,

    /// <summary>dogpile.cache.api CachedValue.</summary>
    CachedValue,

    /// <summary>datetime datetime.</summary>
    DateTime,

    /// <summary>copy_reg _reconstructor, which protocols 0 and 1 make objects by.</summary>
    Reconstructor,

    /// <summary>_codecs encode, which python 3 spells bytes by for protocols 0 to 2.</summary>
    Encode,

    /// <summary>tuple, of which CachedValue is made.</summary>
    Tuple,
}
