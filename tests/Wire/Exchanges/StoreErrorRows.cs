using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Storage commands that are wrong. A malformed line swallows the data block that it announces.</summary>
internal static class StoreErrorRows
{
    private static readonly string[] Commands = ["set", "add", "replace", "append", "prepend"];

    public static IEnumerable<Exchange> All =>
    [
        .. Commands.SelectMany(ForEach),
        Row("set without a length that is a number", "set a 0 0 x\r\n", BadFormat),
        Row("set with a negative length", "set a 0 0 -1\r\n", BadFormat),
        Row("set with a length of two gigabytes", "set a 0 0 2147483646\r\n", BadFormat),
        Row("set with a length of 32 bits", "set a 0 0 4294967297\r\n1\r\n", BadFormat + BadFormat).Older(Stored),
        Row("set with flags that are no number", "set a x 0 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set with negative flags", "set a -1 0 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set with flags of 65 bits", "set a 18446744073709551616 0 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set with broken flags", "set a 1.5 0 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set with an exptime that is no number", "set a 0 x 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set with an exptime of 65 bits", "set a 0 9223372036854775808 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set with a key that is too long", $"set {TooLongKey} 0 0 1\r\n1\r\n", BadFormat).Older(BadFormat + Error),
        Row("set noreply with a key that is too long", $"set {TooLongKey} 0 0 1 noreply\r\n1\r\n", "").Older(Error),
        Row("set noreply with flags that are no number", "set a x 0 1 noreply\r\n1\r\n", "").Older(Error),
        Row("a malformed set leaves the value there", SetA + "set a x 0 1\r\n2\r\nget a\r\n", Stored + BadFormat + ValueA + End)
            .Older(Stored + BadFormat + Error + ValueA + End),
        Row("a malformed set swallows a value that looks like commands", "set a x 0 19\r\nget a\r\nversion\r\nget\r\n", BadFormat)
            .Older(BadFormat + End + "VERSION {word}\r\n" + Error),

        Row("a value that is too long by one", "set a 0 0 1\r\n12\r\n", BadChunk + BadFormat).Older(BadChunk + Error),
        Row("a value that is too long by several", "set a 0 0 3\r\nabcdef\r\n", BadChunk + BadFormat).Older(BadChunk + Error),
        Row("a value that is too long by a whole line", "set a 0 0 3\r\nabcdefghi\r\n", BadChunk + Error),
        Row("a value that is too short", "set a 0 0 3\r\n12\r\nversion\r\n", BadChunk + Error),
        Row("a value that ends with a bare LF", "set a 0 0 1\r\n1\nversion\r\n", BadChunk + Error),
        Row("a value that ends with two LFs", "set a 0 0 1\r\n1\n\nversion\r\n", BadChunk + "VERSION {word}\r\n"),
        Row("a value that ends with LF and CR", "set a 0 0 1\r\n1\n\rversion\r\n", BadChunk + "VERSION {word}\r\n"),
        Row("a bad value leaves the old one there", SetA + "set a 0 0 1\r\n2xxx\r\nget a\r\n", Stored + BadChunk + BadFormat + ValueA + End)
            .Older(Stored + BadChunk + Error + ValueA + End),
        Row("a bad value without a reply", "set a 0 0 1 noreply\r\n12\r\nversion\r\n", BadFormat + "VERSION {word}\r\n").Older(Error + "VERSION {word}\r\n"),
        Row("a bad value of add", "add a 0 0 1\r\n1xxget a\r\n", BadChunk + End),
        Row("a bad value of append", SetA + "append a 0 0 1\r\n2xx\r\nget a\r\n", Stored + BadChunk + BadFormat + ValueA + End)
            .Older(Stored + BadChunk + Error + ValueA + End),
    ];

    private static IEnumerable<Exchange> ForEach(string command) =>
    [
        Row($"{command} without arguments", $"{command}\r\n", BadFormat).Older(Error),
        Row($"{command} with a key only", $"{command} a\r\n", BadFormat).Older(Error),
        Row($"{command} without exptime and length", $"{command} a 0\r\n", BadFormat).Older(Error),
        Row($"{command} without a length", $"{command} a 0 0\r\n", BadFormat).Older(Error),
        Row($"{command} without a length but noreply", $"{command} a 0 0 noreply\r\n", BadFormat).Older(""),
    ];
}
