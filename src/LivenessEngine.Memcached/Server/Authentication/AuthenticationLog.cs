using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Server.Authentication;

internal static partial class AuthenticationLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Read the authentication file {File} again: {Count} users")]
    public static partial void Reloaded(ILogger logger, string file, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Fault}; what was read before still counts")]
    public static partial void NotReloaded(ILogger logger, string fault);
}
