using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>What each command counts, as stats shows it.</summary>
internal static class CounterRows
{
    private const string Stats = "{stats}" + End;

    public static IEnumerable<Exchange> All => Rows.Select(exchange => exchange.OnNewServer());

    private static IEnumerable<Exchange> Rows =>
    [
        Row("get counts", SetA + "get a a b\r\nstats\r\n", Stored + ValueA + ValueA + End + Stats)
            .WithStats("cmd_get 3", "get_hits 2", "get_misses 1", "get_expired 0", "get_flushed 0", "cmd_touch 0"),
        Row("gat counts as a touch", SetA + "gat 0 a a b\r\nstats\r\n", Stored + ValueA + ValueA + End + Stats)
            .WithStats("cmd_touch 3", "touch_hits 2", "touch_misses 1", "cmd_get 0", "get_hits 0", "get_misses 0"),
        Row("touch counts", SetA + "touch a 0\r\ntouch a 0\r\ntouch b 0\r\nstats\r\n", Stored + "TOUCHED\r\nTOUCHED\r\n" + NotFound + Stats)
            .WithStats("cmd_touch 3", "touch_hits 2", "touch_misses 1", "cmd_get 0"),
        Row("set counts", SetA + SetA + "add a 0 0 1\r\n1\r\nreplace b 0 0 1\r\n1\r\nappend a 0 0 1\r\n1\r\nstats\r\n", Stored + Stored + NotStored + NotStored + Stored + Stats)
            .WithStats("cmd_set 5"),
        Row("a set with a bad value counts", "set a 0 0 1\r\n1xxx\r\nstats\r\n", BadChunk + BadFormat + Stats).Older(BadChunk + Error + Stats)
            .WithStats("cmd_set 1"),
        Row("a malformed set does not count", "set a x 0 1\r\n1\r\nstats\r\n", BadFormat + Stats).Older(BadFormat + Error + Stats)
            .WithStats("cmd_set 0"),
        Row("a set that is too large counts apart", $"set a 0 0 2000000\r\n{Bytes(2_000_000)}\r\nstats\r\n", TooLarge + Stats)
            .WithStats("cmd_set 0", "store_too_large 1", "store_no_memory 0"),
        Row("delete counts", SetA + "delete a\r\ndelete a\r\ndelete b\r\nstats\r\n", Stored + "DELETED\r\n" + NotFound + NotFound + Stats)
            .WithStats("delete_hits 1", "delete_misses 2"),
        Row("incr and decr count", SetA + "incr a 1\r\nincr b 1\r\ndecr a 1\r\ndecr a 1\r\ndecr b 1\r\nset x 0 0 1\r\nx\r\nincr x 1\r\nstats\r\n", Stored + "2\r\n" + NotFound + "1\r\n0\r\n" + NotFound + Stored + NonNumeric + Stats)
            .WithStats("incr_hits 1", "incr_misses 1", "decr_hits 2", "decr_misses 1"),
        Row("cas counts", SetA + "gets a\r\n", Stored + "VALUE a 0 1 {n:version}\r\n1\r\n" + End)
            .Then("cas a 0 0 1 {version}\r\n2\r\ncas a 0 0 1 {version}\r\n3\r\ncas b 0 0 1 1\r\n3\r\nstats\r\n", Stored + "EXISTS\r\n" + NotFound + Stats)
            .WithStats("cas_hits 1", "cas_badval 1", "cas_misses 1", "cmd_set 4"),
        Row("flush_all counts", "flush_all\r\nflush_all x\r\nflush_all noreply\r\nstats\r\n", Ok + InvalidExptime + Stats)
            .WithStats("cmd_flush 3"),
        Row("a get of an expired item counts as a miss, and as expired", "set a 0 -1 1\r\n1\r\nget a\r\nstats\r\n", Stored + End + Stats)
            .WithStats("cmd_get 1", "get_misses 1", "get_expired 1", "get_flushed 0"),
        Row("a get of a flushed item counts as a miss, and as flushed", SetA + "flush_all\r\nget a\r\nstats\r\n", Stored + Ok + End + Stats)
            .WithStats("cmd_get 1", "get_misses 1", "get_expired 0", "get_flushed 1"),
        Row("a touch of an expired item counts as a miss, and as expired", "set a 0 -1 1\r\n1\r\ntouch a 0\r\nstats\r\n", Stored + NotFound + Stats)
            .WithStats("cmd_touch 1", "touch_misses 1", "get_expired 1", "get_misses 0"),
        Row("a delete of an expired item counts as a miss, and as expired", "set a 0 -1 1\r\n1\r\ndelete a\r\nstats\r\n", Stored + NotFound + Stats)
            .WithStats("delete_misses 1", "delete_hits 0", "get_expired 1"),
        Row("items count", SetA + SetA + "set b 0 0 1\r\n1\r\ndelete b\r\nstats\r\n", Stored + Stored + Stored + "DELETED\r\n" + Stats)
            .WithStats("curr_items 1", "total_items 3"),
        Row("a number that outgrows its item counts as a new item", SetA + "incr a 1\r\nincr a 100\r\ndecr a 100\r\nstats\r\n", Stored + "2\r\n102\r\n2\r\n" + Stats)
            .WithStats("curr_items 1", "total_items 2"),
        Row("bytes of a request and of its reply count", "get a\r\n", End)
            .Then("stats\r\n", Stats).WithStats("bytes_written 5"),
    ];
}
