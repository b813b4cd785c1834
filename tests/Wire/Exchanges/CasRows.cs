using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>cas &lt;key&gt; &lt;flags&gt; &lt;exptime&gt; &lt;bytes&gt; &lt;cas unique&gt; [noreply]</summary>
internal static class CasRows
{
    private const string Exists = "EXISTS\r\n";
    private const string GetsA = SetA + "gets a\r\n";
    private const string VersionOfA = Stored + "VALUE a 0 1 {n:version}\r\n1\r\n" + End;

    public static IEnumerable<Exchange> All =>
    [
        Row("cas with the right version", GetsA, VersionOfA).Then("cas a 7 0 1 {version}\r\n2\r\nget a\r\n", Stored + "VALUE a 7 1\r\n2\r\n" + End),
        Row("cas with the right version twice", GetsA, VersionOfA)
            .Then("cas a 0 0 1 {version}\r\n2\r\ncas a 0 0 1 {version}\r\n3\r\nget a\r\n", Stored + Exists + "VALUE a 0 1\r\n2\r\n" + End),
        Row("cas with another version", SetA + "cas a 0 0 1 18446744073709551615\r\n2\r\nget a\r\n", Stored + Exists + ValueA + End),
        Row("cas with version 0", SetA + "cas a 0 0 1 0\r\n2\r\nget a\r\n", Stored + Exists + ValueA + End),
        Row("cas of a missing key", "cas nope 0 0 1 1\r\n1\r\nget nope\r\n", NotFound + End),
        Row("cas with a trailing space", "cas nope 0 0 1 1 \r\n1\r\n", NotFound),
        Row("cas with another word for noreply", "cas nope 0 0 1 1 x\r\n1\r\n", NotFound),
        Row("cas noreply", GetsA, VersionOfA)
            .Then("cas a 0 0 1 {version} noreply\r\n2\r\ncas a 0 0 1 {version} noreply\r\n3\r\ncas b 0 0 1 1 noreply\r\n3\r\nget a\r\n", "VALUE a 0 1\r\n2\r\n" + End),
        Row("cas after incr", "set n 0 0 1\r\n1\r\ngets n\r\n", Stored + "VALUE n 0 1 {n:version}\r\n1\r\n" + End).Then("incr n 1\r\ncas n 0 0 1 {version}\r\n9\r\n", "2\r\n" + Exists),
        Row("cas after touch", GetsA, VersionOfA).Then("touch a 100\r\ncas a 0 0 1 {version}\r\n9\r\n", "TOUCHED\r\n" + Stored),
        Row("cas after delete", GetsA, VersionOfA).Then("delete a\r\ncas a 0 0 1 {version}\r\n9\r\n", "DELETED\r\n" + NotFound),
        Row("cas without arguments", "cas\r\n", BadFormat).Older(Error),
        Row("cas without a version", "cas a 0 0 1\r\n1\r\n", BadFormat).Older(Error + Error),
        Row("cas with noreply for a version", "cas a 0 0 1 noreply\r\n1\r\n", "").Older(Error)
            .Ours(BadFormat, "the word is where the version belongs; saying nothing would leave the client waiting"),
        Row("cas with a version that is no number", "cas a 0 0 1 x\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("cas noreply with a version that is no number", "cas a 0 0 1 x noreply\r\n1\r\n", "").Older(Error),
        Row("cas with a negative version", "cas a 0 0 1 -1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("cas with a version of 65 bits", "cas a 0 0 1 18446744073709551616\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("cas with a key that is too long", $"cas {TooLongKey} 0 0 1 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("cas with a bad value", SetA + "cas a 0 0 1 1\r\n1xx\r\n", Stored + BadChunk + BadFormat).Older(Stored + BadChunk + Error),
        Row("without versions gets shows 0", "set a 0 0 1\r\n1\r\ngets a\r\n", Stored + "VALUE a 0 1 0\r\n1\r\n" + End).With("-C"),
        Row("without versions cas never stores", SetA + "cas a 0 0 1 0\r\n2\r\ncas a 0 0 1 1\r\n2\r\nget a\r\n", Stored + "EXISTS\r\nEXISTS\r\n" + ValueA + End).With("-C"),
        Row("without versions cas of a missing key", "cas a 0 0 1 0\r\n2\r\nget a\r\n", NotFound + End).With("-C"),
    ];
}
