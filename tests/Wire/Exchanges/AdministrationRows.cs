using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>verbosity, version, quit, shutdown, cache_memlimit, lru_crawler without its dumps.</summary>
internal static class AdministrationRows
{
    private const string Version = "VERSION {word}\r\n";
    private const string NotEnabled = "SERVER_ERROR: shutdown not enabled\r\n";
    private const string OlderNotEnabled = "ERROR: shutdown not enabled\r\n";
    private const string TooSmall = "MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m\r\n";
    private const string NotMegabytes = "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes\r\n";
    private const string BadClass = "BADCLASS invalid class id\r\n";

    // memcached's maintainer has its crawler busy now and then.
    private static readonly string[] Idle = ["-o", "no_lru_maintainer"];

    public static IEnumerable<Exchange> All =>
    [
        Row("verbosity", "verbosity 1\r\n", Ok),
        Row("verbosity 0", "verbosity 0\r\n", Ok),
        Row("verbosity beyond the most there is", "verbosity 99\r\n", Ok),
        Row("verbosity with a word behind", "verbosity 1 2\r\n", Ok),
        Row("verbosity noreply", "verbosity 1 noreply\r\n", ""),
        Row("verbosity without a level", "verbosity\r\n", BadFormat).Older(Error),
        Row("verbosity with noreply for a level", "verbosity noreply\r\n", ""),
        Row("verbosity of letters", "verbosity x\r\n", BadFormat),
        Row("verbosity noreply of letters", "verbosity x noreply\r\n", ""),
        Row("verbosity below 0", "verbosity -1\r\n", BadFormat),
        Row("verbosity of 33 bits", "verbosity 4294967296\r\n", BadFormat).Older(Ok),

        Row("version", "version\r\n", Version),
        Row("version with words behind", "version foo bar\r\n", Version),
        Row("version ended by a bare LF", "version\n", Version),
        Row("version has no noreply", "version noreply\r\n", Version),
        Row("several versions in one go", "version\r\nversion\r\nversion\r\n", Version + Version + Version),

        Row("quit", "quit\r\n", "").Closed(),
        Row("quit with words behind", "quit foo\r\n", "").Closed(),
        Row("quit ended by a bare LF", "quit\n", "").Closed(),
        Row("quit answers what came before it", "version\r\nget a\r\nquit\r\n", Version + End).Closed(),
        Row("quit passes over what comes behind it", "version\r\nquit\r\nversion\r\n", Version).Closed()
            .InOnePiece("nobody reads a second piece"),

        Row("shutdown that is not allowed", "shutdown\r\n", NotEnabled).Older(OlderNotEnabled),
        Row("graceful shutdown that is not allowed", "shutdown graceful\r\n", NotEnabled).Older(OlderNotEnabled),
        Row("shutdown of another kind that is not allowed", "shutdown foo\r\n", NotEnabled).Older(OlderNotEnabled),
        Row("shutdown of another kind", "shutdown foo\r\n", "CLIENT_ERROR invalid shutdown mode\r\n").With("-A"),
        Row("shutdown", "shutdown\r\n", "").Closed().With("-A"),
        Row("graceful shutdown", "shutdown graceful\r\n", "").Closed().With("-A"),

        Row("cache_memlimit", "cache_memlimit 64\r\n", Ok),
        Row("cache_memlimit 8", "cache_memlimit 8\r\n", Ok),
        Row("cache_memlimit 1", "cache_memlimit 1\r\n", TooSmall),
        Row("cache_memlimit 7", "cache_memlimit 7\r\n", TooSmall),
        Row("cache_memlimit in bytes", "cache_memlimit 1000000001\r\n", NotMegabytes),
        Row("cache_memlimit of 32 bits", "cache_memlimit 4294967295\r\n", NotMegabytes),
        Row("cache_memlimit of 33 bits", "cache_memlimit 4294967296\r\n", Error).Older(TooSmall),
        Row("cache_memlimit noreply", "cache_memlimit 64 noreply\r\n", ""),
        Row("cache_memlimit with a word behind", "cache_memlimit 64 65\r\n", Ok),
        Row("cache_memlimit without a limit", "cache_memlimit\r\n", Error),
        Row("cache_memlimit of letters", "cache_memlimit x\r\n", Error),
        Row("cache_memlimit noreply of letters", "cache_memlimit x noreply\r\n", ""),
        Row("cache_memlimit below 0", "cache_memlimit -1\r\n", Error),
        Row("cache_memlimit moves limit_maxbytes", "cache_memlimit 32\r\nstats\r\n", Ok + "{stats}" + End).WithStats("limit_maxbytes 33554432").OnNewServer(),

        Row("lru_crawler", "lru_crawler\r\n", Error),
        Row("lru_crawler foo", "lru_crawler foo\r\n", Error),
        Row("lru_crawler enable that is on already", "lru_crawler enable\r\n", "ERROR failed to start lru crawler thread\r\n"),
        Row("lru_crawler enable with a word behind", "lru_crawler enable x\r\n", Error),
        Row("lru_crawler disable", "lru_crawler disable\r\n", Ok).OnNewServer(),
        Row("lru_crawler sleep", "lru_crawler sleep 100\r\n", Ok).OnNewServer(),
        Row("lru_crawler sleep for a second", "lru_crawler sleep 1000000\r\n", Ok).OnNewServer(),
        Row("lru_crawler sleep for more than a second", "lru_crawler sleep 1000001\r\n", "CLIENT_ERROR sleep must be one second or less\r\n"),
        Row("lru_crawler sleep without a time", "lru_crawler sleep\r\n", Error),
        Row("lru_crawler sleep of letters", "lru_crawler sleep x\r\n", BadFormat),
        Row("lru_crawler tocrawl", "lru_crawler tocrawl 10\r\n", Ok).OnNewServer(),
        Row("lru_crawler tocrawl without a number", "lru_crawler tocrawl\r\n", Error),
        Row("lru_crawler tocrawl of letters", "lru_crawler tocrawl x\r\n", BadFormat),
        Row("lru_crawler tocrawl below 0", "lru_crawler tocrawl -1\r\n", BadFormat),
        Row("lru_crawler crawl all", "lru_crawler crawl all\r\n", Ok).With(Idle),
        Row("lru_crawler crawl of a class", "lru_crawler crawl 1\r\n", Ok).With(Idle),
        Row("lru_crawler crawl of several classes", "lru_crawler crawl 1,2,3\r\n", Ok).With(Idle),
        Row("lru_crawler crawl of class 0", "lru_crawler crawl 0\r\n", BadClass).With(Idle),
        Row("lru_crawler crawl of a class that is none", "lru_crawler crawl 99\r\n", BadClass).With(Idle),
        Row("lru_crawler crawl of letters", "lru_crawler crawl x\r\n", BadClass).With(Idle),
        Row("lru_crawler crawl of a good and a bad class", "lru_crawler crawl 1,x\r\n", BadClass).With(Idle),
        Row("lru_crawler crawl of nothing", "lru_crawler crawl\r\n", Error),
    ];
}
