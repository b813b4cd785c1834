using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>What the meta commands have in common: lines, limits, errors; and mn, me and what they count.</summary>
internal static class MetaLineRows
{
    private const string Hello = "aGVsbG8=";
    private const string Stats = "{stats}" + End;
    private const string BadToken = "CLIENT_ERROR bad token in command line format\r\n";
    private const string BadKey = "CLIENT_ERROR error decoding key\r\n";
    private const string Duplicate = "CLIENT_ERROR duplicate flag\r\n";
    private const string Invalid = "CLIENT_ERROR invalid flag\r\n";
    private const string Either = "CLIENT_ERROR invalid or duplicate flag\r\n";
    private const string TooMany = "CLIENT_ERROR options flags are too long\r\n";
    private const string OpaqueTooLong = "CLIENT_ERROR opaque token too long\r\n";
    private const string LongestOpaque = "Oabcdefghijklmnopqrstuvwxyz01234";
    private const string TooLongOpaque = "Oabcdefghijklmnopqrstuvwxyz012345";

    // With command and key 20 and 21 words.
    private const string EighteenFlags = "c f h k l q s t u N1 R1 T1 P L I F1 C1 Oz";
    private const string NineteenFlags = EighteenFlags + " v";

    public static IEnumerable<Exchange> All =>
    [
        Row("mn", "mn\r\n", "MN\r\n"),
        Row("mn with more", "mn foo\r\n", "MN\r\n"),
        Row("meta commands without a key", "mg\r\nms\r\nmd\r\nma\r\nme\r\n", Times(BadFormat, 5)).Older(Times(Error, 4) + BadFormat),
        Row("an m that is no command", "mx a\r\nmt a\r\nm a\r\n", Times(Error, 3)),
        Row("meta commands with a bare line feed", "mg a\nmd a\nma a\nme a\n", "EN\r\nNF\r\nNF\r\nEN\r\n"),
        Row("a meta command with spaces", "mg   nope   k   Oab  \r\n", "EN knope Oab\r\n"),
        Row("a flag twice", "mg a v v\r\nms a 1 c c\r\n1\r\nmd a q q\r\nma a v v\r\n", Duplicate + Duplicate + Duplicate + Either).Older(Duplicate + Duplicate + Either + Either),
        Row("a flag that is none", "mg a Z\r\nms a 1 Z\r\n1\r\nmd a Z\r\nma a Z\r\nmg a 1\r\nmg a !\r\n", Invalid + Invalid + Invalid + Either + Invalid + Invalid)
            .Older(Invalid + Invalid + Either + Either + Invalid + Invalid),
        Row("a flag of no ASCII", "mg a \xff\r\n", Duplicate),
        Row("flags that mean nothing to a command", "mg a P L Px\r\nmg a Pfoo Lbar C1 F1 D1 J1 MX I\r\nmd a v s t\r\nma a s f h\r\n", Duplicate + "EN\r\nNF\r\nNF\r\n"),
        Row("flags for proxies", "mg a P L\r\nmg a Pfoo Lbar\r\nms a 1 P L\r\n1\r\nmd a P L\r\nma a P L\r\n", "EN\r\nEN\r\nHD\r\nHD\r\nNF\r\n"),
        Row("letters behind a flag that takes none", "ms a 1 kfoo\r\n1\r\nmg a vfoo sbar\r\n", "HD ka\r\nVA 1 s1\r\n1\r\n"),
        Row("a token that is no number", "mg a Nx\r\nmg a Tx\r\nmg a Rx\r\nms a 1 Tx\r\n1\r\nms a 1 Cx\r\n1\r\nms a 1 C-1\r\n1\r\nmd a C\r\n", Times(BadToken, 7))
            .Older(Times(BadToken, 6) + Either),
        Row("a token of ma that is no number", "ma a Dx\r\nma a D-1\r\nma a Jx\r\nma a J\r\nma a Tx\r\nma a Nx\r\nma a Cx\r\n", Times(Either, 7)),
        Row("client flags that are no number", "ms a 1 Fx\r\n1\r\n", BadFormat),
        Row("the last of several faults is told", "mg a Tx b\r\nmg a b Tx\r\nmg a Tx Z\r\nmg a Tx t t\r\n", BadKey + BadToken + Invalid + Duplicate),
        Row("20 words are not too many", $"mg a {EighteenFlags}\r\n", "HD c{n} f0 h0 ka l0 s0 t-1 Oz W\r\n").Older(TooMany),
        Row("21 words are too many", $"mg a {NineteenFlags}\r\nms a 1 {EighteenFlags}\r\n1\r\nmd a {NineteenFlags}\r\nma a {NineteenFlags}\r\n", TooMany + TooMany + TooMany + Either)
            .Older(TooMany + "CLIENT_ERROR options flags too long\r\n" + Error + "CLIENT_ERROR options flags too long\r\nCLIENT_ERROR options flags too long\r\n"),
        Row("the longest opaque", $"mg a {LongestOpaque}\r\nms a 1 {LongestOpaque}\r\n1\r\nmd a {LongestOpaque}\r\nma a {LongestOpaque}\r\n", $"EN {LongestOpaque}\r\nHD {LongestOpaque}\r\nHD {LongestOpaque}\r\nNF {LongestOpaque}\r\n"),
        Row("an opaque that is too long", $"mg a {TooLongOpaque}\r\nms a 1 {TooLongOpaque}\r\n1\r\nmd a {TooLongOpaque}\r\nma a {TooLongOpaque}\r\nget a\r\n", Times(OpaqueTooLong, 4) + End)
            .OnlyOurs("1.6.18 answers NF to the last two, which is asked below"),
        Row("an opaque that is too long, of a get and a set", $"mg a {TooLongOpaque}\r\nms a 1 {TooLongOpaque}\r\n1\r\nget a\r\n", OpaqueTooLong + OpaqueTooLong + End),
        Row("an empty opaque", "mg a O\r\n", "EN O\r\n"),
        Row("meta keys of 250 bytes", $"ms {LongestKey} 1 k\r\n1\r\nmg {LongestKey} v k\r\nmd {LongestKey} k\r\n", $"HD k{LongestKey}\r\nVA 1 k{LongestKey}\r\n1\r\nHD k{LongestKey}\r\n"),
        Row("meta keys that are too long", $"mg {TooLongKey}\r\nmd {TooLongKey}\r\nme {TooLongKey}\r\n", Times(BadFormat, 3)),
        Row("ma of a key that is too long", $"ma {TooLongKey}\r\n", Either).Older(BadFormat),
        Row("ms of a key that is too long", $"ms {TooLongKey} 2\r\nmn\r\nmn\r\n", BadFormat + "MN\r\n").Older(BadFormat + "MN\r\nMN\r\n"),
        Row("a binary key", $"ms {Hello} 1 b k c\r\n1\r\nmg {Hello} b k\r\nmg {Hello} k b v\r\nget hello\r\nmd {Hello} b k Oz\r\nmg {Hello} b k\r\n", $"HD k{Hello} b c{{n}}\r\nHD k{Hello} b\r\nVA 1 k{Hello} b\r\n1\r\nVALUE hello 0 1\r\n1\r\nEND\r\nHD k{Hello} b Oz\r\nEN k{Hello} b\r\n"),
        Row("a key is told as it was stored", $"ms {Hello} 1 b\r\n1\r\nmg hello k\r\nset hello 0 0 1\r\n1\r\nmg {Hello} b k\r\nma {Hello} b k\r\n", $"HD\r\nHD k{Hello} b\r\nSTORED\r\nHD khello\r\nHD k{Hello} b\r\n"),
        Row("a binary key of one byte", "ms AQ== 1 b k\r\n1\r\nmg AQ== b k v\r\n", "HD kAQ== b\r\nVA 1 kAQ== b\r\n1\r\n"),
        Row("a binary key that is made by mg", "mg AQ== b N30\r\nmg AQ== b k\r\n", "HD W\r\nHD k\x01 Z\r\n").Ours("HD W\r\nHD kAQ== b Z\r\n", "bytes that were sent in base64 may break a line"),
        Row("binary keys as memcached decodes them", $"ms {Hello} 1 b\r\n1\r\nmg aGVs!bG8= b s\r\nmg aGVsbG8=aGVs b s\r\nmg ab=c b k\r\n", "HD\r\nHD s1\r\nHD s1\r\nEN kabA= b\r\n"),
        Row("keys that are no base64", "mg !! b\r\nmg abc b\r\nmg ==== b\r\nmg a b v\r\n", Times(BadKey, 4)),
        Row("keys of sets that are no base64", "ms abc 1 b k\r\n1\r\nmn\r\n", BadKey + "MN\r\n"),
        Row("me of a missing key", "me nope\r\n", "EN\r\n"),
        Row("me", SetA + "me a\r\nmg a h\r\nme a\r\n", Stored + "ME a exp=-1 la=0 cas={n} fetch=no cls={n} size={n}\r\nHD h0\r\nME a exp=-1 la=0 cas={n} fetch=yes cls={n} size={n}\r\n"),
        Row("me of an item with a deadline", "ms a 1 T30\r\n1\r\nme a\r\n", "HD\r\nME a exp=30 la=0 cas={n} fetch=no cls={n} size={n}\r\n").Older("HD\r\nME a exp=-30 la=0 cas={n} fetch=no cls={n} size={n}\r\n"),
        Row("me after a while", "ms a 1 T30\r\n1\r\n", "HD\r\n").After(3, "me a\r\nmg a l t h\r\nmg a l t h\r\n", "ME a exp=27 la=3 cas={n} fetch=no cls={n} size={n}\r\nHD l3 t27 h0\r\nHD l0 t27 h1\r\n").OnlyOurs("the seconds of a real clock are not so sharp"),
        Row("me of a binary key", $"ms {Hello} 1 b\r\n1\r\nme hello\r\nme {Hello} b\r\n", $"HD\r\nME {Hello} exp=-1 la=0 cas={{n}} fetch=no cls={{n}} size={{n}}\r\nME {Hello} exp=-1 la=0 cas={{n}} fetch=no cls={{n}} size={{n}}\r\n"),
        Row("me of a key that is no base64", "me !! b\r\nme a b\r\nme a x\r\n", BadFormat + BadFormat + "EN\r\n"),
        Row("mgdump of a binary key", $"ms {Hello} 1 b\r\n1\r\nlru_crawler mgdump all\r\n", $"HD\r\nOK\r\nmg {Hello} b\r\nEN\r\n").OnNewServer().OnlyOurs("1.6.18 has another lru_crawler"),
        Row("mg counts as get", SetA + "mg a\r\nmg a v\r\nmg nope\r\nmg nope q\r\nmg nope T1\r\nstats\r\n", Stored + "HD\r\nVA 1\r\n1\r\nEN\r\nEN\r\n" + Stats).OnNewServer()
            .WithStats("cmd_get 5", "get_hits 2", "get_misses 3", "cmd_touch 0", "cmd_meta 0"),
        Row("mg with T counts as touch", SetA + "mg a T0\r\nstats\r\n", Stored + "HD\r\n" + Stats).OnNewServer().WithStats("cmd_touch 1", "touch_hits 1", "cmd_get 0", "get_hits 0"),
        Row("mg that makes an item counts as a hit", "mg a N30\r\nstats\r\n", "HD W\r\n" + Stats).OnNewServer().WithStats("cmd_get 1", "get_misses 0", "get_hits 1", "cmd_set 0", "curr_items 1"),
        Row("ms counts as set", "ms a 1\r\n1\r\nms a 1 ME\r\n1\r\nms a 1 Z\r\n1\r\nms a 1 C999999\r\n1\r\nms nope 1 C1\r\n1\r\nstats\r\n", "HD\r\nNS\r\n" + Invalid + "EX\r\nNF\r\n" + Stats).OnNewServer()
            .WithStats("cmd_set 4", "cas_badval 1", "cas_misses 1", "cas_hits 0"),
        Row("md counts as delete", SetA + "md a C18446744073709551615\r\nmd a I\r\nmd a\r\nmd a\r\nstats\r\n", Stored + "EX\r\nHD\r\nHD\r\nNF\r\n" + Stats).OnNewServer().WithStats("delete_hits 1", "delete_misses 2"),
        Row("ma counts as incr and decr", SetA + "ma a\r\nma a MD\r\nma nope\r\nma nope MD\r\nma new N0\r\nma a C18446744073709551615\r\nstats\r\n", Stored + "HD\r\nHD\r\nNF\r\nNF\r\nHD\r\nEX\r\n" + Stats).OnNewServer()
            .WithStats("incr_hits 1", "decr_hits 1", "incr_misses 1", "decr_misses 1"),
        Row("me counts apart", SetA + "me a\r\nme nope\r\nstats\r\n", Stored + "ME {line}\r\nEN\r\n" + Stats).OnNewServer().WithStats("cmd_meta 2", "cmd_get 0"),
    ];
}
