using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

internal static partial class ServiceGroupLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "ServiceDownTime ({Asked}) must be longer than ReportInterval ({Interval}); using {Used} instead.")]
    public static partial void DownTimeTooShort(ILogger logger, TimeSpan asked, TimeSpan interval, TimeSpan used);
}
