using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>Values up to the largest item, and beyond.</summary>
internal static class LargeRows
{
    // Around a read, a block and a page of either server.
    private static readonly int[] Lengths = [1023, 16_383, 16_384, 32_767, 65_535, 65_536, 300_000, 524_288, 524_289];

    public static IEnumerable<Exchange> All =>
    [
        .. Lengths.Select(length => Row($"a value of {length} bytes", $"set a 0 0 {length}\r\n{Bytes(length)}\r\nget a\r\n", $"{Stored}VALUE a 0 {length}\r\n{Bytes(length)}\r\n{End}")),
        Row("the largest value", $"set a 0 0 {LongestValue}\r\n{Bytes(LongestValue)}\r\nget a\r\n", $"{Stored}VALUE a 0 {LongestValue}\r\n{Bytes(LongestValue)}\r\n{End}"),
        Row("a value that is one byte too large", $"set a 0 0 {LongestValue + 1}\r\n{Bytes(LongestValue + 1)}\r\nget a\r\n", TooLarge + End),
        Row("flags take four bytes of the largest value", $"set a 1 0 {LongestValue - 4}\r\n{Bytes(LongestValue - 4)}\r\nset a 1 0 {LongestValue - 3}\r\n{Bytes(LongestValue - 3)}\r\n", Stored + TooLarge),
        Row("the key takes its bytes of the largest value", $"set ab 0 0 {LongestValue - 1}\r\n{Bytes(LongestValue - 1)}\r\nset ab 0 0 {LongestValue}\r\n{Bytes(LongestValue)}\r\n", Stored + TooLarge),
        Row("a value that is too large takes the old one away", SetA + $"set a 0 0 2000000\r\n{Bytes(2_000_000)}\r\nget a\r\n", Stored + TooLarge + End),
        Row("a value that is too large, without a reply", SetA + $"set a 0 0 2000000 noreply\r\n{Bytes(2_000_000)}\r\nget a\r\n", Stored + End),
        Row("a value that is too large for add leaves the old one there", SetA + $"add a 0 0 2000000\r\n{Bytes(2_000_000)}\r\nget a\r\n", Stored + TooLarge + ValueA + End),
        Row("a value that is too large for replace leaves the old one there", SetA + $"replace a 0 0 2000000\r\n{Bytes(2_000_000)}\r\nget a\r\n", Stored + TooLarge + ValueA + End),
        Row("a value that is too large for append leaves the old one there", SetA + $"append a 0 0 2000000\r\n{Bytes(2_000_000)}\r\nget a\r\n", Stored + TooLarge + ValueA + End),
        Row("a value that is too large for cas leaves the old one there", SetA + $"cas a 0 0 2000000 1\r\n{Bytes(2_000_000)}\r\nget a\r\n", Stored + TooLarge + ValueA + End),
        Row("a value that is too large and has not come", "set a 0 0 2000000\r\nversion\r\n", "").Unfinished(),
        Row("append that would grow too large", $"set a 0 0 600000\r\n{Bytes(600_000)}\r\nappend a 0 0 600000\r\n{Bytes(600_000)}\r\nget a\r\n", $"{Stored}{NotStored}VALUE a 0 600000\r\n{Bytes(600_000)}\r\n{End}"),
        Row("append of large to large", $"set a 3 0 400000\r\n{Bytes(400_000)}\r\nappend a 0 0 100001\r\n{Bytes(100_000)}y\r\nget a\r\n", $"{Stored}{Stored}VALUE a 3 500001\r\n{Bytes(500_000)}y\r\n{End}"),
        Row("prepend of large to large", $"set a 3 0 400000\r\n{Bytes(400_000)}\r\nprepend a 0 0 100001\r\ny{Bytes(100_000)}\r\nget a\r\n", $"{Stored}{Stored}VALUE a 3 500001\r\ny{Bytes(500_000)}\r\n{End}"),
        Row("a large value with a bad end", $"set a 0 0 {LongestValue}\r\n{Bytes(LongestValue)}XYget a\r\n", BadChunk + End),
        Row("a large value and its like in one get", $"set a 0 0 300000\r\n{Bytes(300_000)}\r\nget a b a\r\nget a\r\n", $"{Stored}VALUE a 0 300000\r\n{Bytes(300_000)}\r\nVALUE a 0 300000\r\n{Bytes(300_000)}\r\n{End}VALUE a 0 300000\r\n{Bytes(300_000)}\r\n{End}"),
        Row("a large value with its version", $"set a 0 0 300000\r\n{Bytes(300_000)}\r\ngets a\r\n", $"{Stored}VALUE a 0 300000 {{n}}\r\n{Bytes(300_000)}\r\n{End}"),
        Row("a large value touched and got", $"set a 0 0 300000\r\n{Bytes(300_000)}\r\ntouch a 100\r\ngat 100 a\r\n", $"{Stored}TOUCHED\r\nVALUE a 0 300000\r\n{Bytes(300_000)}\r\n{End}"),
        Row("incr of a large value", $"set a 0 0 300000\r\n{Bytes(300_000)}\r\nincr a 1\r\n", Stored + NonNumeric),
        Row("a smaller largest item", $"set a 0 0 524228\r\n{Bytes(524_228)}\r\nset a 0 0 524229\r\n{Bytes(524_229)}\r\n", Stored + TooLarge).With("-I", "524288"),
        Row("a larger largest item", $"set a 0 0 2097092\r\n{Bytes(2_097_092)}\r\nset a 0 0 2097093\r\n{Bytes(2_097_093)}\r\nget a\r\n", Stored + TooLarge + End).With("-I", "2097152"),
    ];
}
