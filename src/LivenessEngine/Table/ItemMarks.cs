namespace LivenessEngine.Table;

/// <summary>What else there is to say of an item. The numbers leave the lower two bits to <see cref="BlockKind"/>.</summary>
[Flags]
internal enum ItemMarks : byte
{
    None = 0,

    /// <summary>Its value is out of date: whoever reads it is told so, and one of them that it is the one to renew it.</summary>
    Stale = 4,

    /// <summary>Somebody has been told to renew it.</summary>
    Won = 8,

    /// <summary>Its key is binary, and is shown in base64.</summary>
    BinaryKey = 16,

    /// <summary>Clients see another version than <see cref="BlockHeader.Cas"/>: the eight bytes at the end of the block.</summary>
    OwnVersion = 32,
}
