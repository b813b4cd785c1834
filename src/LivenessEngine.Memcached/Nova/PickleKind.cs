namespace LivenessEngine.Memcached.Nova;

internal enum PickleKind : byte
{
    /// <summary>Nothing: a place of the memory that was not written.</summary>
    None,

    Mark,

    /// <summary>One of the names that are known.</summary>
    Name,

    /// <summary>Text in UTF-8.</summary>
    Utf8,

    /// <summary>Text of protocol 0: Latin-1, and the rest escaped as \uXXXX.</summary>
    Escaped,

    /// <summary>Bytes, or the text of python 2.</summary>
    Bytes,

    /// <summary>Bytes as python 2 shows them, with escapes and without the quotes.</summary>
    Quoted,

    Integer,

    /// <summary>A double as eight bytes.</summary>
    Double,

    /// <summary>A double as decimal text.</summary>
    DoubleText,

    Tuple,
    Dictionary,
    DateTime,
    CachedValue,
}
