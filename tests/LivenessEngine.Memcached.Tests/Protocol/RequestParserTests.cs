using CsCheck;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class RequestParserTests
{
    private static readonly string LongestKey = new('k', 250);

    private static readonly Gen<string> Word = Gen.Frequency(
        (12, Gen.OneOf(
            "get", "gets", "gat", "gats", "set", "add", "replace", "append", "prepend", "cas", "delete", "incr", "decr", "touch",
            "flush_all", "verbosity", "version", "quit", "shutdown", "cache_memlimit", "stats", "lru_crawler", "lru", "slabs", "watch",
            "mg", "ms", "md", "ma", "me", "mn")),
        (10, Gen.OneOf("a", "key", "compute:node1", LongestKey, LongestKey + "k", "\u00ff\u0080", "a\tb")),
        (20, Gen.OneOf(
            "0", "1", "-1", "+1", "007", "250", "2592000", "2592001", "4294967295", "4294967296", "2147483645", "2147483646",
            "9223372036854775807", "9223372036854775808", "-9223372036854775807", "18446744073709551615", "18446744073709551616",
            "-18446744073709551615", "99999999999999999999", "1x", "x1", "1.5", "0x1", "-", "+", "-0", "1\tx", "1\r")),
        (8, Gen.OneOf("noreply", "noreplyx", "xnoreply", "NOREPLY", "HTTP/1.1")));

    private static readonly Gen<string> Line =
        from words in Word.Array[0, 8]
        from spaces in Gen.OneOf("", " ", "  ").Array[10]
        select spaces[9] + string.Concat(words.Select((word, i) => word + (i == words.Length - 1 ? spaces[8] : " " + spaces[i])));

    private static readonly Gen<string> Mutated =
        from line in Line
        from at in Gen.Int[0, 200]
        from what in Gen.Int[0, 3]
        from with in Gen.Byte
        select Mutate(line, at, what, (char)with);

    [Theory]
    [InlineData("get a", "Get a")]
    [InlineData("get a b c", "Get a")]
    [InlineData(" get a", "Get a")]
    [InlineData("gets a", "Gets a")]
    [InlineData("gat 10 a b", "Gat a exptime=10")]
    [InlineData("gats -1 a", "Gats a exptime=-1")]
    [InlineData("set a 1 2 3", "Set a flags=1 exptime=2 length=3")]
    [InlineData("set a 1 2 3 ", "Set a flags=1 exptime=2 length=3")]
    [InlineData("set a 1 2 3 noreply", "Set a flags=1 exptime=2 length=3 noreply")]
    [InlineData("set a 1 2 3 noreply ", "Set a flags=1 exptime=2 length=3 noreply")]
    [InlineData("set noreply 1 2 3", "Set noreply flags=1 exptime=2 length=3")]
    [InlineData("set a 4294967297 0 0", "Set a flags=1 exptime=0 length=0")]
    [InlineData("set a 1 2 2147483645", "Set a flags=1 exptime=2 length=2147483645")]
    [InlineData("set a 1 2 2147483646", "BadFormat")]
    [InlineData("set a x 2 3", "BadFormat swallow=3")]
    [InlineData("set a x 2 3 noreply", "BadFormat swallow=3 noreply")]
    [InlineData("cas a 1 2 3 4", "Cas a flags=1 exptime=2 length=3 cas=4")]
    [InlineData("cas a 1 2 3 noreply", "BadFormat swallow=3")]
    [InlineData("cas a 1 2 3", "BadFormat swallow=3")]
    [InlineData("delete a", "Delete a")]
    [InlineData("delete a 0 noreply", "Delete a noreply")]
    [InlineData("delete noreply", "Delete noreply")]
    [InlineData("delete a b c d", "Delete a")]
    [InlineData("delete a b c d e", "BadFormat")]
    [InlineData("incr a 5", "Incr a delta=5")]
    [InlineData("decr a 5 noreply", "Decr a delta=5 noreply")]
    [InlineData("incr a noreply", "InvalidDelta")]
    [InlineData("touch a -5", "Touch a exptime=-5")]
    [InlineData("touch a x noreply", "InvalidExptime noreply")]
    [InlineData("mg a v", "MetaGet a")]
    [InlineData("mg", "BadFormat")]
    [InlineData("ms a 5 T0", "MetaSet a length=5")]
    [InlineData("ms a", "BadFormat")]
    [InlineData("ms a S1", "BadFormat")]
    [InlineData("ms a -1", "BadFormat")]
    [InlineData("mn", "MetaNoOp")]
    [InlineData("mx a", "UnknownCommand")]
    [InlineData("flush_all 5 noreply", "FlushAll noreply")]
    [InlineData("stats noreply", "Stats")]
    [InlineData("version", "Version")]
    [InlineData("foo", "UnknownCommand")]
    [InlineData("GET a", "UnknownCommand")]
    [InlineData("a", "BadFormat")]
    [InlineData("", "BadFormat")]
    [InlineData("get", "BadFormat")]
    [InlineData("get ", "BadFormat")]
    public void A_line_is_what_it_says(string line, string expected)
    {
        Assert.Equal(expected, Parse(line, 2));
        Assert.Equal(expected, SlowParser.Parse(line, 2));
    }

    [Fact]
    public void The_longest_key_is_250_bytes()
    {
        Assert.Equal($"Set {LongestKey} flags=0 exptime=0 length=1", Parse($"set {LongestKey} 0 0 1", 2));
        Assert.Equal("BadFormat swallow=1", Parse($"set {LongestKey}k 0 0 1", 2));
        Assert.Equal($"Delete {LongestKey}", Parse($"delete {LongestKey}", 2));
        Assert.Equal("BadFormat", Parse($"delete {LongestKey}k", 2));
    }

    [Fact]
    public void A_line_is_shorter_with_a_bare_lf()
    {
        Assert.Equal("UnknownCommand", Parse("ab", 2));
        Assert.Equal("BadFormat", Parse("ab", 1));
        Assert.Equal("UnknownCommand", Parse("abc", 1));
    }

    [Fact]
    public void Further_keys_are_the_arguments()
    {
        RequestParser.Parse("get a b  c"u8, 2, out Request request);

        Assert.Equal("b  c", Bytes.ToText(request.Arguments));
    }

    [Fact]
    public void It_agrees_with_the_slow_parser_on_every_line_of_words()
        => Line.Sample(line => Agree(line, 2), iter: 100_000);

    [Fact]
    public void It_agrees_with_the_slow_parser_on_every_mutated_line()
        => Mutated.Sample(line => Agree(line, 1), iter: 100_000);

    private static bool Agree(string line, int terminatorLength) => Parse(line, terminatorLength) == SlowParser.Parse(line, terminatorLength);

    private static string Parse(string line, int terminatorLength)
    {
        byte[] bytes = Bytes.Of(line);
        ParseResult result = RequestParser.Parse(bytes, terminatorLength, out Request request);
        return SlowParser.Describe(result, request);
    }

    private static string Mutate(string line, int at, int what, char with)
    {
        if (line.Length == 0)
        {
            return with.ToString();
        }

        at %= line.Length;
        return what switch
        {
            0 => line.Remove(at, 1),
            1 => line.Insert(at, with.ToString()),
            2 => line[..at] + with + line[(at + 1)..],
            _ => line[..at],
        };
    }
}
