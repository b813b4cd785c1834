namespace LivenessEngine.Memcached.Nova;

/// <summary>How <c>ct</c> is written in a value.</summary>
internal enum CreationTimeForm : byte
{
    /// <summary>Out of reach: the value is compressed.</summary>
    None,

    /// <summary>Decimal text, up to but without the line feed (protocol 0).</summary>
    Text,

    /// <summary>A double, big-endian (protocols 1 to 5).</summary>
    Double,
}
