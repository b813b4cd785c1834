namespace LivenessEngine.Memcached.Protocol;

/// <summary>What came of a request line.</summary>
internal enum ParseResult
{
    /// <summary>A request to execute.</summary>
    Done,

    /// <summary>The word is no command: ERROR.</summary>
    UnknownCommand,

    /// <summary>CLIENT_ERROR bad command line format; if a data block was announced it is swallowed.</summary>
    BadFormat,

    /// <summary>CLIENT_ERROR invalid exptime argument.</summary>
    InvalidExptime,

    /// <summary>CLIENT_ERROR invalid numeric delta argument.</summary>
    InvalidDelta,
}
