namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Something on the command line is not allowed; the message names it and says what is.</summary>
/// <param name="message">For stderr, one line.</param>
/// <param name="exitCode">What the process ends with: memcached's codes where it knows the mistake.</param>
internal sealed class UsageException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    public int ExitCode => exitCode;
}
