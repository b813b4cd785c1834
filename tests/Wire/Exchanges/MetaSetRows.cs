using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>ms &lt;key&gt; &lt;bytes&gt; &lt;flags&gt;*</summary>
internal static class MetaSetRows
{
    private const string Version = "ms a 1 c\r\n1\r\n";
    private const string GotVersion = "HD c{n:version}\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("ms", "ms a 3\r\nabc\r\nget a\r\n", "HD\r\nVALUE a 0 3\r\nabc\r\n" + End),
        Row("ms with everything", "ms a 1 T30 F5 c k Oq\r\n1\r\nmg a f t v\r\n", "HD c{n} ka Oq\r\nVA 1 f5 t30\r\n1\r\n"),
        Row("ms of an empty value", "ms a 0\r\n\r\nmg a v\r\n", "HD\r\nVA 0\r\n\r\n"),
        Row("ms tells the size", "ms a 3 s\r\nabc\r\nms a 2 MA s\r\nde\r\nms a 1 MP s k\r\nx\r\nms a 9 ME s\r\n123456789\r\n", "HD s3\r\nHD s5\r\nHD s6 ka\r\nNS s9\r\n").Older("HD\r\nHD\r\nHD ka\r\nNS\r\n"),
        Row("ms in quiet", "ms a 1 q\r\n1\r\nms a 1 q k c\r\n1\r\nms a 1 ME q\r\n1\r\nms a 1 C999999 q\r\n1\r\nms nope 1 C1 q k\r\n1\r\nmn\r\n", "NS\r\nEX\r\nNF knope\r\nMN\r\n"),
        Row("ms in quiet tells errors", "ms a 1 q Z\r\n1\r\nms a 1 q\r\n1xx\r\n", "CLIENT_ERROR invalid flag\r\nCLIENT_ERROR bad data chunk\r\n" + BadFormat).Older("CLIENT_ERROR invalid flag\r\nCLIENT_ERROR bad data chunk\r\n" + Error),
        Row("ms without a length", "ms a\r\nms a x\r\nms a -1\r\n", Times(BadFormat, 3)).OnlyOurs("1.6.18 loses a reply after a negative length"),
        Row("ms with the length of old", "ms a S1\r\n1\r\n", BadFormat + BadFormat).Older(BadFormat + Error),
        Row("ms with a bad value", "ms a 1\r\n12\r\nmn\r\n", BadChunk + BadFormat + "MN\r\n").Older(BadChunk + Error + "MN\r\n"),
        Row("ms that is too large", SetA + $"ms a 2000000\r\n{Bytes(2_000_000)}\r\nmg a\r\nmn\r\n", Stored + TooLarge + "EN\r\nMN\r\n"),
        Row("ms that is too large in another mode", SetA + $"ms a 2000000 ME k\r\n{Bytes(2_000_000)}\r\nmg a\r\n", Stored + TooLarge + "EN\r\n"),
        Row("ms of many blocks", $"ms a 900000 c\r\n{Bytes(900_000)}\r\nget a\r\n", $"HD c{{n}}\r\nVALUE a 0 900000\r\n{Bytes(900_000)}\r\n" + End),
        Row("a bad flag of ms passes over the value", "ms a 4 Z\r\nmn\r\n\r\nmn\r\n", "CLIENT_ERROR invalid flag\r\nMN\r\n"),
        Row("ms as set", "ms a 1 MS\r\n1\r\nms a 1 MS\r\n2\r\nmg a v\r\n", "HD\r\nHD\r\nVA 1\r\n2\r\n"),
        Row("ms as add", "ms a 1 ME\r\n1\r\nms a 1 ME k c\r\n2\r\nmg a v\r\n", "HD\r\nNS ka c0\r\nVA 1\r\n1\r\n").Ours("HD\r\nNS ka c0\r\nVA 1\r\n1\r\n", "the same; 1.6.45 may say another number there"),
        Row("ms as replace", "ms a 1 MR\r\n1\r\nms a 1\r\n1\r\nms a 1 MR\r\n2\r\nmg a v\r\n", "NS\r\nHD\r\nHD\r\nVA 1\r\n2\r\n"),
        Row("ms as append and prepend", "ms a 1 MA\r\n1\r\nms a 1 MP\r\n1\r\nms a 1 F7 T30\r\n1\r\nms a 1 MA F9 T60\r\n2\r\nms a 1 MP\r\n0\r\nmg a v f t\r\n", "NS\r\nNS\r\nHD\r\nHD\r\nHD\r\nVA 3 f7 t30\r\n012\r\n"),
        Row("append that begins where nothing is", "ms a 1 MA N30 F3 T60 s\r\n1\r\nms a 1 MA N90 s\r\n2\r\nms a 1 MP N90\r\n0\r\nmg a v t f\r\nms b 1 MP N0\r\n1\r\nmg b v t\r\n", "HD s1\r\nHD s2\r\nHD\r\nVA 3 t30 f3\r\n012\r\nHD\r\nVA 1 t-1\r\n1\r\n")
            .Older("NS\r\nNS\r\nNS\r\nEN\r\nNS\r\nEN\r\n"),
        Row("N means nothing to other modes", "ms a 1 N30\r\n1\r\nmg a t\r\nms b 1 MR N30\r\n1\r\n", "HD\r\nHD t-1\r\nNS\r\n"),
        Row("a mode that is none", "ms a 1 MZ\r\n1\r\nms a 1 MI\r\n1\r\nms a 1 Ms\r\n1\r\n", Times("CLIENT_ERROR invalid mode for ms M token\r\n", 3)),
        Row("a mode without a letter", "ms a 1 M\r\n1\r\n", "CLIENT_ERROR invalid mode for ms M token\r\n").Older("CLIENT_ERROR incorrect length for M token\r\n"),
        Row("a mode by its first letter", "ms a 1 MEfoo\r\n1\r\n", "HD\r\n").Older("CLIENT_ERROR incorrect length for M token\r\n"),
        Row("ms with the right version", Version, GotVersion).Then("ms a 1 C{version} c\r\n2\r\nms a 1 C{version}\r\n3\r\nmg a v\r\n", "HD c{n}\r\nEX\r\nVA 1\r\n2\r\n"),
        Row("ms with another version", Version + "ms a 1 C999999999 k c Oz\r\n2\r\nmg a v\r\n", "HD c{n}\r\nEX ka c0 Oz\r\nVA 1\r\n1\r\n"),
        Row("ms with version 0", Version + "ms a 1 C0\r\n2\r\nms nope 1 C0\r\n2\r\n", "HD c{n}\r\nEX\r\nNF\r\n"),
        Row("ms of a missing key with a version", "ms nope 1 C9\r\n1\r\nms nope 1 C9 MR\r\n1\r\nms nope 1 C9 MA\r\n1\r\nmg nope\r\n", "NF\r\nNF\r\nNS\r\nEN\r\n"),
        Row("ms as replace with a version", Version, GotVersion).Then("ms a 1 MR C{version}\r\n2\r\nms a 1 MR C{version}\r\n3\r\nmg a v\r\n", "HD\r\nEX\r\nVA 1\r\n2\r\n"),
        Row("ms as append with a version", Version, GotVersion).Then("ms a 1 MA C{version}\r\n2\r\nms a 1 MP C{version}\r\n3\r\nms a 1 MA C0\r\n4\r\nmg a v\r\n", "HD\r\nEX\r\nHD\r\nVA 3\r\n124\r\n"),
        Row("ms as add minds no version", "ms a 1 ME C5\r\n1\r\nms a 1 ME C5\r\n1\r\n", "HD\r\nNS\r\n"),
        Row("ms mixed with set", SetA + "ms a 1 MA\r\n2\r\nappend a 0 0 1\r\n3\r\nmg a v\r\n", Stored + "HD\r\n" + Stored + "VA 3\r\n123\r\n"),
        Row("without versions ms with one never stores", "ms a 1\r\n1\r\nms a 1 C1\r\n1\r\nms a 1 C0 c\r\n1\r\nms nope 1 C1\r\n1\r\nms a 1 MA C1\r\n2\r\nmg a v c\r\n", "HD\r\nEX\r\nEX c0\r\nNF\r\nHD\r\nVA 2 c0\r\n12\r\n").With("-C"),
    ];
}
