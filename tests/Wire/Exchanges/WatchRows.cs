using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>watch &lt;kind&gt;*: how it begins. What then comes is compared in Interop, where there is somebody to be watched.</summary>
internal static class WatchRows
{
    public static IEnumerable<Exchange> All =>
    [
        Begins("watch"),
        Begins("watch fetchers"),
        Begins("watch mutations"),
        Begins("watch evictions"),
        Begins("watch connevents"),
        Begins("watch deletions").Older(Error),
        Begins("watch rawcmds"),
        Begins("watch sysevents"),
        Begins("watch proxyreqs"),
        Begins("watch proxyevents"),
        Begins("watch proxyuser"),
        Begins("watch fetchers mutations evictions connevents"),
        Begins("watch fetchers fetchers"),
        Begins("watch liveness").OnlyOurs("memcached has no members"),
        Begins("watch fetchers liveness compute mutations").OnlyOurs("memcached has no members"),
        Row("watch of something else", "watch foo\r\n", Error),
        Row("watch of something else behind a kind", "watch fetchers foo\r\n", Error),
        Row("watch of a kind in capitals", "watch FETCHERS\r\n", Error),
        Row("watch has no noreply", "watch noreply\r\n", ""),
        Row("watch of a kind has no noreply", "watch fetchers noreply\r\n", ""),
        Row("watch of two groups", "watch liveness compute cert\r\n", Error),
    ];

    // A watcher is asked nothing more.
    private static Exchange Begins(string request) => Row(request, request + "\r\n", Ok).Unfinished().OnNewServer();
}
