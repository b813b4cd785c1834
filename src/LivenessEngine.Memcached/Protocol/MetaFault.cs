namespace LivenessEngine.Memcached.Protocol;

/// <summary>What is wrong with the line of a meta command.</summary>
internal enum MetaFault
{
    None = 0,
    BadFormat,
    TooManyFlags,
    DuplicateFlag,
    InvalidFlag,

    /// <summary>What ma says of all of these.</summary>
    InvalidOrDuplicateFlag,

    /// <summary>A key that is no base64.</summary>
    BadKey,

    /// <summary>A flag whose token is no number.</summary>
    BadToken,

    InvalidInitial,
    InvalidDelta,
    InvalidSetMode,
    InvalidArithmeticMode,
    OpaqueTooLong,
}
