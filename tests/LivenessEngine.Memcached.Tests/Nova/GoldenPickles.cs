using System.Text;

namespace LivenessEngine.Memcached.Tests.Nova;

/// <summary>
/// One heartbeat in the forms that pythons make of it: those of python 3.11 with dogpile.cache 1.1.8, and by hand those of
/// python 2, whose text is bytes, whose memory begins at 1, and whose old dogpile.cache calls CachedValue.
/// </summary>
internal static class GoldenPickles
{
    public const double CreationTime = 1782909296.123456;

    public static readonly DateTime Time = new(2026, 7, 1, 12, 34, 56, 123, 456, DateTimeKind.Utc);

    public static readonly (string Name, byte[] Value)[] All =
    [
        ("python 3, protocol 0", Hex(
            "63636f70795f7265670a5f7265636f6e7374727563746f720a70300a2863646f6770696c652e63616368652e6170690a43616368656456616c75650a7031"
            + "0a635f5f6275696c74696e5f5f0a7475706c650a70320a28636461746574696d650a6461746574696d650a70330a28635f636f646563730a656e636f6465"
            + "0a70340a285607ea07010c223801e2400a70350a566c6174696e310a70360a7470370a5270380a7470390a527031300a28647031310a5663740a7031320a"
            + "46313738323930393239362e3132333435360a7356760a7031330a49320a73747031340a747031350a527031360a2e")),
        ("python 3, protocol 1", Hex(
            "63636f70795f7265670a5f7265636f6e7374727563746f720a71002863646f6770696c652e63616368652e6170690a43616368656456616c75650a710163"
            + "5f5f6275696c74696e5f5f0a7475706c650a710228636461746574696d650a6461746574696d650a710328635f636f646563730a656e636f64650a710428"
            + "580c00000007c3aa07010c223801c3a240710558060000006c6174696e31710674710752710874710952710a7d710b2858020000006374710c4741da9142"
            + "5c07e6b4580100000076710d4b027574710e74710f5271102e")),
        ("python 3, protocol 2", Hex(
            "800263646f6770696c652e63616368652e6170690a43616368656456616c75650a7100636461746574696d650a6461746574696d650a7101635f636f6465"
            + "63730a656e636f64650a7102580c00000007c3aa07010c223801c3a240710358060000006c6174696e3171048671055271068571075271087d7109285802"
            + "0000006374710a4741da91425c07e6b4580100000076710b4b027586710c81710d2e")),
        ("python 3, protocol 3", Hex(
            "800363646f6770696c652e63616368652e6170690a43616368656456616c75650a7100636461746574696d650a6461746574696d650a7101430a07ea0701"
            + "0c223801e24071028571035271047d7105285802000000637471064741da91425c07e6b458010000007671074b02758671088171092e")),
        ("python 3, protocol 4", Hex(
            "8004956a000000000000008c11646f6770696c652e63616368652e617069948c0b43616368656456616c75659493948c086461746574696d65948c086461"
            + "746574696d65949394430a07ea07010c223801e24094859452947d94288c026374944741da91425c07e6b48c0176944b0275869481942e")),
        ("python 3, protocol 5", Hex(
            "8005956a000000000000008c11646f6770696c652e63616368652e617069948c0b43616368656456616c75659493948c086461746574696d65948c086461"
            + "746574696d65949394430a07ea07010c223801e24094859452947d94288c026374944741da91425c07e6b48c0176944b0275869481942e")),
        ("python 2, protocol 0", Text(
            "cdogpile.cache.api\nCachedValue\np1\n(cdatetime\ndatetime\np2\n(S'\\x07\\xea\\x07\\x01\\x0c\"8\\x01\\xe2@'\np3\ntRp4\n"
            + "(dp5\nS'ct'\np6\nF1782909296.123456\nsS'v'\np7\nI1\nstRp8\n.")),
        ("python 2, protocol 0, v first", Text(
            "cdogpile.cache.api\nCachedValue\np1\n(cdatetime\ndatetime\np2\n(S'\\x07\\xea\\x07\\x01\\x0c\"8\\x01\\xe2@'\np3\ntRp4\n"
            + "(dp5\nS'v'\np6\nI1\nsS'ct'\np7\nF1782909296.1234560\nstRp8\n.")),
        ("python 2, protocol 1", Text(
            "cdogpile.cache.api\nCachedValue\nq\u0001(cdatetime\ndatetime\nq\u0002(U\u000a\u0007\u00ea\u0007\u0001\u000c\"8\u0001\u00e2@q\u0003tRq\u0004"
            + "}q\u0005(U\u0002ctq\u0006GA\u00da\u0091B\\\x07\u00e6\u00b4U\u0001vq\u0007K\u0001utRq\u0008.")),
        ("python 2, protocol 2", Text(
            "\u0080\u0002cdogpile.cache.api\nCachedValue\nq\u0001cdatetime\ndatetime\nq\u0002U\u000a\u0007\u00ea\u0007\u0001\u000c\"8\u0001\u00e2@q\u0003\u0085Rq\u0004"
            + "}q\u0005(U\u0002ctq\u0006GA\u00da\u0091B\\\x07\u00e6\u00b4U\u0001vq\u0007K\u0001u\u0086Rq\u0008.")),
        ("python 2, protocol 2, by copy_reg", Text(
            "\u0080\u0002cdogpile.cache.api\nCachedValue\nq\u0001cdatetime\ndatetime\nq\u0002U\u000a\u0007\u00ea\u0007\u0001\u000c\"8\u0001\u00e2@q\u0003\u0085Rq\u0004"
            + "}q\u0005(U\u0002ctq\u0006GA\u00da\u0091B\\\x07\u00e6\u00b4U\u0001vq\u0007K\u0002u\u0086q\u0008\u0081q\u0009.")),
    ];

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
