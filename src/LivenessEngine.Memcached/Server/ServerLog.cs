using System.Net;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Server;

internal static partial class ServerLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "< {Line}")]
    public static partial void Request(ILogger logger, string line);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection {Id} from {Remote} opened")]
    public static partial void Opened(ILogger logger, long id, EndPoint? remote);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection {Id} closed")]
    public static partial void Closed(ILogger logger, long id);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection {Id} ended: {Reason}")]
    public static partial void Broken(ILogger logger, long id, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Connection {Id} failed")]
    public static partial void Failed(ILogger logger, Exception exception, long id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Accepting on {EndPoint} failed, and goes on: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, EndPoint endPoint, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Receiving by UDP on {EndPoint} failed, and goes on: {Reason}")]
    public static partial void UdpFailed(ILogger logger, EndPoint endPoint, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request by UDP to {EndPoint} failed")]
    public static partial void UdpRequestFailed(ILogger logger, Exception exception, EndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A reply by UDP from {EndPoint} was not sent: {Reason}")]
    public static partial void UdpNotSent(ILogger logger, EndPoint endPoint, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {EndPoint} by UDP")]
    public static partial void UdpListening(ILogger logger, EndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not remove the socket {Path}: {Reason}")]
    public static partial void SocketNotRemoved(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Served by {Transport}, for the system refuses more: {Reason}")]
    public static partial void FellBack(ILogger logger, MemcachedTransport transport, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening on {EndPoint}")]
    public static partial void Listening(ILogger logger, EndPoint endPoint);
}
