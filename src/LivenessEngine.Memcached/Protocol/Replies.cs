namespace LivenessEngine.Memcached.Protocol;

/// <summary>The reply lines of memcached, byte for byte (1.6.45).</summary>
internal static class Replies
{
    public static ReadOnlySpan<byte> BadFormat => "CLIENT_ERROR bad command line format\r\n"u8;

    /// <summary>What get answers to a key that is too long; the doubled line end is memcached's.</summary>
    public static ReadOnlySpan<byte> BadGet => "CLIENT_ERROR bad command line format\r\n\r\n"u8;

    public static ReadOnlySpan<byte> AuthenticationFailure => "CLIENT_ERROR authentication failure\r\n"u8;

    public static ReadOnlySpan<byte> BadAuthentication => "CLIENT_ERROR bad authentication token format\r\n"u8;

    public static ReadOnlySpan<byte> BadChunk => "CLIENT_ERROR bad data chunk\r\n"u8;

    public static ReadOnlySpan<byte> BadCommandLine => "CLIENT_ERROR bad command line\r\n"u8;

    public static ReadOnlySpan<byte> DetailUsage => "CLIENT_ERROR usage: stats detail on|off|dump\r\n"u8;

    public static ReadOnlySpan<byte> BadTermination => "CLIENT_ERROR bad command line termination\r\n"u8;

    public static ReadOnlySpan<byte> Deleted => "DELETED\r\n"u8;

    public static ReadOnlySpan<byte> End => "END\r\n"u8;

    public static ReadOnlySpan<byte> Error => "ERROR\r\n"u8;

    public static ReadOnlySpan<byte> Exists => "EXISTS\r\n"u8;

    public static ReadOnlySpan<byte> WatchNotAllowed => "CLIENT_ERROR watch commands not allowed\r\n"u8;
    public static ReadOnlySpan<byte> CacheDumpNotAllowed => "CLIENT_ERROR stats cachedump not allowed\r\n"u8;
    public static ReadOnlySpan<byte> MetadumpNotAllowed => "ERROR metadump not allowed\r\n"u8;
    public static ReadOnlySpan<byte> FlushNotAllowed => "CLIENT_ERROR flush_all not allowed\r\n"u8;

    public static ReadOnlySpan<byte> IllegalSlab => "CLIENT_ERROR Illegal slab id\r\n"u8;

    public static ReadOnlySpan<byte> InvalidDelta => "CLIENT_ERROR invalid numeric delta argument\r\n"u8;

    public static ReadOnlySpan<byte> InvalidExptime => "CLIENT_ERROR invalid exptime argument\r\n"u8;

    public static ReadOnlySpan<byte> InvalidShutdown => "CLIENT_ERROR invalid shutdown mode\r\n"u8;

    public static ReadOnlySpan<byte> MemlimitFailed => "MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust\r\n"u8;

    public static ReadOnlySpan<byte> MemlimitNotMegabytes => "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes\r\n"u8;

    public static ReadOnlySpan<byte> MemlimitTooSmall => "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n"u8;

    public static ReadOnlySpan<byte> MetaExists => "EX"u8;

    public static ReadOnlySpan<byte> MetaMiss => "EN"u8;

    public static ReadOnlySpan<byte> MetaNoOp => "MN\r\n"u8;

    public static ReadOnlySpan<byte> MetaNotFound => "NF"u8;

    public static ReadOnlySpan<byte> MetaNotStored => "NS"u8;

    public static ReadOnlySpan<byte> MetaOk => "HD"u8;

    public static ReadOnlySpan<byte> MetaValue => "VA "u8;

    public static ReadOnlySpan<byte> NonNumeric => "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"u8;

    public static ReadOnlySpan<byte> NotFound => "NOT_FOUND\r\n"u8;

    public static ReadOnlySpan<byte> NotStored => "NOT_STORED\r\n"u8;

    public static ReadOnlySpan<byte> Ok => "OK\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemory => "SERVER_ERROR out of memory\r\n"u8;

    public static ReadOnlySpan<byte> OutOfMemoryStoring => "SERVER_ERROR out of memory storing object\r\n"u8;

    public static ReadOnlySpan<byte> Reset => "RESET\r\n"u8;

    public static ReadOnlySpan<byte> ShutdownNotEnabled => "SERVER_ERROR: shutdown not enabled\r\n"u8;

    public static ReadOnlySpan<byte> Stored => "STORED\r\n"u8;

    public static ReadOnlySpan<byte> TlsNotEnabled => "Error TLS not enabled\r\n"u8;

    public static ReadOnlySpan<byte> TooLarge => "SERVER_ERROR object too large for cache\r\n"u8;

    public static ReadOnlySpan<byte> TooManyConnections => "ERROR Too many open connections\r\n"u8;

    public static ReadOnlySpan<byte> TooManyWatchers => "WATCHER_TOO_MANY log watcher limit reached\r\n"u8;

    public static ReadOnlySpan<byte> Touched => "TOUCHED\r\n"u8;

    public static ReadOnlySpan<byte> Unauthenticated => "CLIENT_ERROR unauthenticated\r\n"u8;

    public static ReadOnlySpan<byte> Value => "VALUE "u8;

    /// <summary>The error of a meta command.</summary>
    public static ReadOnlySpan<byte> Of(MetaFault fault) => fault switch
    {
        MetaFault.TooManyFlags => "CLIENT_ERROR options flags are too long\r\n"u8,
        MetaFault.DuplicateFlag => "CLIENT_ERROR duplicate flag\r\n"u8,
        MetaFault.InvalidFlag => "CLIENT_ERROR invalid flag\r\n"u8,
        MetaFault.InvalidOrDuplicateFlag => "CLIENT_ERROR invalid or duplicate flag\r\n"u8,
        MetaFault.BadKey => "CLIENT_ERROR error decoding key\r\n"u8,
        MetaFault.BadToken => "CLIENT_ERROR bad token in command line format\r\n"u8,
        MetaFault.InvalidInitial => "CLIENT_ERROR invalid numeric initial value\r\n"u8,
        MetaFault.InvalidDelta => "CLIENT_ERROR invalid numeric delta value\r\n"u8,
        MetaFault.InvalidSetMode => "CLIENT_ERROR invalid mode for ms M token\r\n"u8,
        MetaFault.InvalidArithmeticMode => "CLIENT_ERROR invalid mode for ma M token\r\n"u8,
        MetaFault.OpaqueTooLong => "CLIENT_ERROR opaque token too long\r\n"u8,
        _ => BadFormat,
    };
}
