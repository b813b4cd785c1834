using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Client;

internal static partial class MemcachedLog
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "{Servers}: what is stored for {Member} under the key {Key} is no heartbeat but {Found}; it counts as none.")]
    public static partial void NoHeartbeat(ILogger logger, string servers, MemberName member, string key, string found);
}
