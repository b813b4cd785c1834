using Microsoft.Extensions.Logging;

namespace LivenessEngine.Daemon.Serving;

internal static partial class DaemonLog
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "--service-down-time ({Asked}) must be longer than --report-interval ({Interval}); using {Used} instead")]
    public static partial void DownTimeTooShort(ILogger logger, TimeSpan asked, TimeSpan interval, TimeSpan used);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}")]
    public static partial void State(ILogger logger, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listening on {Count} sockets of LISTEN_FDS ({Addresses}); -l, -p and -s are not used")]
    public static partial void Inherited(ILogger logger, int count, string addresses);

    [LoggerMessage(Level = LogLevel.Information, Message = "Took over from process {Process}: {Listening} listening sockets, {Clients} connections")]
    public static partial void TookOver(ILogger logger, int process, int listening, int clients);

    [LoggerMessage(Level = LogLevel.Information, Message = "Handed over {Listening} listening sockets and {Clients} connections to process {Process}")]
    public static partial void HandedOver(ILogger logger, int listening, int clients, int process);

    [LoggerMessage(Level = LogLevel.Information, Message = "No daemon can take over from this one: {Reason}")]
    public static partial void NoHandOver(ILogger logger, string reason);
}
