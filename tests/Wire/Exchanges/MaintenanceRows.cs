using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>lru, slabs, and the switches of lru_crawler.</summary>
internal static class MaintenanceRows
{
    private const string NoSpare = "NOSPARE source class has no spare pages\r\n";
    private const string BadClass = "BADCLASS invalid src or dst class id\r\n";
    private const string Same = "SAME src and dst class are identical\r\n";
    private const string StopsLater = "memcached's thread takes its time to stop, and the reply depends on it";
    private const string Disabled = "CLIENT_ERROR lru crawler disabled\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("lru", "lru\r\n", Error),
        Row("lru foo", "lru foo\r\n", Error),
        Row("lru foo bar", "lru foo bar\r\n", Error),
        Row("lru tune", "lru tune 10 25 0.1 2.0\r\n", Ok).OnNewServer(),
        Row("lru tune with a word behind", "lru tune 10 25 0.1 2.0 5\r\n", Ok).OnNewServer(),
        Row("lru tune noreply", "lru tune 10 25 0.1 2.0 noreply\r\n", "").OnNewServer(),
        Row("lru tune without a factor", "lru tune 10 25 0.1\r\n", Error),
        Row("lru tune with noreply for a factor", "lru tune 10 25 0.1 noreply\r\n", ""),
        Row("lru tune without anything", "lru tune\r\n", Error),
        Row("lru tune of more than there is", "lru tune 50 50 0.1 2.0\r\n", "ERROR hot and warm pcts must not exceed 80\r\n"),
        Row("lru tune of a factor of 0", "lru tune 10 25 0 2\r\n", "ERROR hot/warm age factors must be greater than 0\r\n"),
        Row("lru tune of a factor below 0", "lru tune 10 25 0.1 -1\r\n", "ERROR hot/warm age factors must be greater than 0\r\n"),
        Row("lru tune of letters", "lru tune x 25 0.1 2\r\n", Error),
        Row("lru tune of a factor of letters", "lru tune 10 25 0.1 2x\r\n", Error),
        Row("lru tune below 0", "lru tune -1 25 0.1 2\r\n", Error),
        Row("lru mode flat", "lru mode flat\r\n", Ok).OnNewServer(),
        Row("lru mode segmented", "lru mode segmented\r\n", Ok).OnNewServer(),
        Row("lru mode with a word behind", "lru mode flat x\r\n", Ok).OnNewServer(),
        Row("lru mode noreply", "lru mode flat noreply\r\n", "").OnNewServer(),
        Row("lru mode foo", "lru mode foo\r\n", Error),
        Row("lru mode without a mode", "lru mode\r\n", Error),
        Row("lru temp_ttl", "lru temp_ttl 10\r\n", Ok).OnNewServer(),
        Row("lru temp_ttl below 0", "lru temp_ttl -1\r\n", Ok).OnNewServer(),
        Row("lru temp_ttl of letters", "lru temp_ttl x\r\n", Error),
        Row("lru temp_ttl of 33 bits", "lru temp_ttl 99999999999\r\n", Error).Older(Ok).OnNewServer(),
        Row("lru temp_ttl without a time", "lru temp_ttl\r\n", Error),

        Row("slabs", "slabs\r\n", Error),
        Row("slabs foo", "slabs foo\r\n", Error),
        Row("slabs foo bar", "slabs foo bar\r\n", Error),
        Row("slabs reassign of a class without a spare page", SetA + "slabs reassign 1 2\r\n", Stored + NoSpare).OnNewServer(),
        Row("slabs reassign of an empty class", "slabs reassign 5 2\r\n", NoSpare).OnNewServer(),
        Row("slabs reassign from the pool", "slabs reassign 0 1\r\n", NoSpare).OnNewServer(),
        Row("slabs reassign of any class, when none has a spare page", "slabs reassign -1 5\r\n", BadClass).OnNewServer(),
        Row("slabs reassign to itself", "slabs reassign 1 1\r\n", Same),
        Row("slabs reassign of a class that is none to itself", "slabs reassign 99 99\r\n", Same),
        Row("slabs reassign of a class that is none", "slabs reassign 99 1\r\n", BadClass),
        Row("slabs reassign to a class that is none", "slabs reassign 1 99\r\n", BadClass),
        Row("slabs reassign to a class below 0", "slabs reassign 1 -1\r\n", BadClass),
        Row("slabs reassign of class -2", "slabs reassign -2 1\r\n", BadClass),
        Row("slabs reassign of letters", "slabs reassign x 1\r\n", BadFormat),
        Row("slabs reassign to letters", "slabs reassign 1 x\r\n", BadFormat),
        Row("slabs reassign without a target", "slabs reassign 1\r\n", Error),
        Row("slabs reassign with a word behind", "slabs reassign 1 2 3\r\n", Error),
        Row("slabs reassign has no noreply", "slabs reassign 1 2 noreply\r\n", Error),
        Row("slabs automove 0", "slabs automove 0\r\n", Ok).OnNewServer(),
        Row("slabs automove 1", "slabs automove 1\r\n", Ok).OnNewServer(),
        Row("slabs automove 2", "slabs automove 2\r\n", Ok).OnNewServer(),
        Row("slabs automove is told", "slabs automove 0\r\nstats settings\r\n", Ok + "{stats}" + End).OnNewServer().WithStats("slab_automove 0"),
        Row("slabs automove 3", "slabs automove 3\r\n", Error),
        Row("slabs automove with a word behind", "slabs automove 1 2\r\n", Ok).OnNewServer(),
        Row("slabs automove noreply", "slabs automove 1 noreply\r\n", "").OnNewServer(),
        Row("slabs automove with noreply for a level", "slabs automove noreply\r\n", ""),
        Row("slabs automove of letters", "slabs automove x\r\n", BadFormat),
        Row("slabs automove below 0", "slabs automove -1\r\n", BadFormat),
        Row("slabs automove without a level", "slabs automove\r\n", Error),
        Row("slabs automove ratio", "slabs automove ratio 0.5\r\n", Ok).OnNewServer(),
        Row("slabs automove ratio of letters", "slabs automove ratio x\r\n", Error),
        Row("slabs automove without a ratio", "slabs automove ratio\r\n", Error),

        Row("lru_crawler crawl that is switched off", "lru_crawler disable\r\nlru_crawler crawl all\r\n", Ok + Disabled).OnNewServer().OnlyOurs(StopsLater),
        Row("metadump that is switched off", "lru_crawler disable\r\nlru_crawler metadump all\r\n", Ok + Disabled).OnNewServer().OnlyOurs(StopsLater),
        Row("lru_crawler enable that is off", "lru_crawler disable\r\nlru_crawler enable\r\n", Ok + Ok).OnNewServer().OnlyOurs(StopsLater),
        Row("lru_crawler sleep and tocrawl are told", "lru_crawler sleep 7\r\nlru_crawler tocrawl 9\r\nstats settings\r\n", Ok + Ok + "{stats}" + End).OnNewServer()
            .WithStats("lru_crawler yes", "lru_crawler_sleep 7", "lru_crawler_tocrawl 9"),
        Row("lru_crawler sleep below 0", "lru_crawler sleep -1\r\n", BadFormat),
        Row("lru_crawler tocrawl of 33 bits", "lru_crawler tocrawl 4294967296\r\n", BadFormat).Older(Ok).OnNewServer(),

        Row("extstore", "extstore\r\n", Error).OnlyOurs("Debian's memcached has an extstore"),
        Row("extstore item_size", "extstore item_size 100\r\n", Error).OnlyOurs("Debian's memcached has an extstore"),
    ];
}
