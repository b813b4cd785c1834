namespace LivenessEngine.Daemon.CommandLine;

/// <summary>What the process ends with (sysexits.h, as memcached uses it).</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>EX_USAGE</summary>
    public const int Usage = 64;

    /// <summary>EX_NOUSER</summary>
    public const int NoUser = 67;

    /// <summary>EX_OSERR</summary>
    public const int OperatingSystem = 71;
}
