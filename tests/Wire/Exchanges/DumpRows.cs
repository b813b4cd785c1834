using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>lru_crawler metadump|mgdump &lt;classes&gt;|all|hash, and stats cachedump of what there is.</summary>
internal static class DumpRows
{
    private const string BadClass = "BADCLASS invalid class id\r\n";

    // memcached's maintainer has its crawler busy now and then, and moves items about.
    private static readonly string[] Idle = ["-o", "no_lru_maintainer"];

    public static IEnumerable<Exchange> All =>
    [
        Row("metadump of nothing", "lru_crawler metadump all\r\n", Ok + End).Older(End).With(Idle),
        Row("metadump of an empty class", "lru_crawler metadump 1\r\n", Ok + End).Older(End).With(Idle),
        Row("metadump of several empty classes", "lru_crawler metadump 1,2\r\n", Ok + End).Older(End).With(Idle),
        Row("metadump of a class that is none", "lru_crawler metadump 99\r\n", BadClass).With(Idle),
        Row("metadump of class 0", "lru_crawler metadump 0\r\n", BadClass).With(Idle),
        Row("metadump of letters", "lru_crawler metadump x\r\n", BadClass).With(Idle),
        Row("metadump of a good and a bad class", "lru_crawler metadump 1,x\r\n", BadClass).With(Idle),
        Row("metadump without classes", "lru_crawler metadump\r\n", Error),
        Row("metadump of everything", SetA, Stored).With(Idle)
            .Then("lru_crawler metadump all\r\n", Ok + "key=a exp=-1 la={n} cas={n} fetch=no cls=1 size={n}{line}\n" + End)
            .Older("key=a exp=-1 la={n} cas={n} fetch=no cls=1 size={n}\n" + End),
        Row("metadump by hash", SetA, Stored).With(Idle)
            .Then("lru_crawler metadump hash\r\n", Ok + "key=a exp=-1 la={n} cas={n} fetch=no cls=1 size={n}{line}\n" + End)
            .Older("key=a exp=-1 la={n} cas={n} fetch=no cls=1 size={n}\n" + End),
        Row("metadump of a class", SetA, Stored).With(Idle)
            .Then("lru_crawler metadump 1\r\n", Ok + "key=a exp=-1 la={n} cas={n} fetch=no cls=1 size={n}{line}\n" + End)
            .Older("key=a exp=-1 la={n} cas={n} fetch=no cls=1 size={n}\n" + End),
        Row("metadump says what was fetched, and when it expires", "set a 0 100 1\r\n1\r\nget a\r\n", Stored + ValueA + End).With(Idle)
            .Then("lru_crawler metadump all\r\n", Ok + "key=a exp={n} la={n} cas={n} fetch=yes cls=1 size={n}{line}\n" + End)
            .Older("key=a exp={n} la={n} cas={n} fetch=yes cls=1 size={n}\n" + End),
        Row("metadump encodes keys", "set a%b/\u00ff~_.-Z9 0 0 1\r\n1\r\n", Stored).With(Idle)
            .Then("lru_crawler metadump all\r\n", Ok + "key=a%25b%2F%FF~_.-Z9 exp=-1 la={n} cas={n} fetch=no cls={n} size={n}{line}\n" + End)
            .Older("key=a%25b%2F%FF~_.-Z9 exp=-1 la={n} cas={n} fetch=no cls=1 size={n}\n" + End),
        Row("metadump leaves out what was flushed", SetA + "flush_all\r\n", Stored + Ok).With(Idle)
            .Then("lru_crawler metadump all\r\n", Ok + End).Older(End),

        Row("mgdump of nothing", "lru_crawler mgdump hash\r\n", Ok + "EN\r\n").Older(Error).With(Idle),
        Row("mgdump of everything", SetA, Stored).With(Idle).Then("lru_crawler mgdump all\r\n", Ok + "mg a\r\nEN\r\n").Older(Error),
        Row("mgdump of a class that is none", "lru_crawler mgdump 99\r\n", BadClass).Older(Error),
        Row("mgdump without classes", "lru_crawler mgdump\r\n", Error),

        Row("cachedump", SetA, Stored).With(Idle).Then("stats cachedump 1 0\r\n", "ITEM a [1 b; 0 s]\r\n" + End),
        Row("cachedump of an item that expires", "set a 0 100 1\r\n1\r\n", Stored).With(Idle).Then("stats cachedump 1 0\r\n", "ITEM a [1 b; {n} s]\r\n" + End),
        Row("cachedump limited", SetA + "set b 0 0 1\r\n1\r\nset c 0 0 1\r\n1\r\n", Stored + Stored + Stored).With(Idle)
            .Then("stats cachedump 1 2\r\n", "ITEM {word} [1 b; 0 s]\r\nITEM {word} [1 b; 0 s]\r\n" + End),
    ];
}
