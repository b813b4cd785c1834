using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

internal static partial class ServiceGroupLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "ServiceDownTime ({Asked}) must be longer than ReportInterval ({Interval}); using {Used} instead.")]
    public static partial void DownTimeTooShort(ILogger logger, TimeSpan asked, TimeSpan interval, TimeSpan used);

    [LoggerMessage(Level = LogLevel.Error, Message = "Heartbeats do not reach {Store}: {Cause}; trying on.")]
    public static partial void StoreIsLost(ILogger logger, string store, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Heartbeats reach {Store} again.")]
    public static partial void StoreIsBack(ILogger logger, string store);

    [LoggerMessage(Level = LogLevel.Warning, Message = "'{Member}' is a member of '{Group}' no more: {Store} has it as deleted. Its reports end.")]
    public static partial void MemberIsGone(ILogger logger, string member, string group, string store);
}
