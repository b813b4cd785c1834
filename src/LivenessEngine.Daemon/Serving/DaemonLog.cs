using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving;

internal static partial class DaemonLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "--service-down-time ({Asked}) must be longer than --report-interval ({Interval}); using {Used} instead")]
    public static partial void DownTimeTooShort(ILogger logger, TimeSpan asked, TimeSpan interval, TimeSpan used);
}
