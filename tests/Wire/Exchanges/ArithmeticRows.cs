using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>incr &lt;key&gt; &lt;delta&gt; [noreply], decr &lt;key&gt; &lt;delta&gt; [noreply]</summary>
internal static class ArithmeticRows
{
    private const string Largest = "18446744073709551615";

    public static IEnumerable<Exchange> All =>
    [
        .. new[] { "incr", "decr" }.SelectMany(ForEach),
        Row("incr", Set("5") + "incr n 3\r\nget n\r\n", Stored + "8\r\n" + Value("8")),
        Row("incr to one more digit", Set("9") + "incr n 1\r\nget n\r\n", Stored + "10\r\n" + Value("10")),
        Row("incr keeps the flags", "set n 7 0 1\r\n9\r\nincr n 1\r\nget n\r\n", Stored + "10\r\nVALUE n 7 2\r\n10\r\n" + End),
        Row("incr wraps at 2^64", Set(Largest) + "incr n 1\r\nget n\r\n", Stored + "0\r\n" + Value("0                   ")),
        Row("incr by the largest delta", Set("2") + $"incr n {Largest}\r\nget n\r\n", Stored + "1\r\n" + Value("1")),
        Row("incr to the largest number", Set("18446744073709551614") + "incr n 1\r\nget n\r\n", Stored + Largest + "\r\n" + Value(Largest)),
        Row("incr of a value of 20 digits that is too large", Set("18446744073709551616") + "incr n 1\r\nget n\r\n", Stored + NonNumeric + Value("18446744073709551616")),
        Row("incr of a value of 21 digits", "set n 0 0 21\r\n184467440737095516160\r\nincr n 1\r\n", Stored + NonNumeric),
        Row("incr of a value of 21 digits with a leading zero", Set("0" + Largest) + "incr n 1\r\nget n\r\n", Stored + "0\r\n" + Value("0                    ")),
        Row("incr of a value with leading zeros", Set("007") + "incr n 1\r\nget n\r\n", Stored + "8\r\n" + Value("8  ")),
        Row("incr of a value with a plus", Set("+1") + "incr n 1\r\n", Stored + "2\r\n"),
        Row("incr of a value with a space before", Set(" 1") + "incr n 1\r\nget n\r\n", Stored + "2\r\n" + Value("2 ")),
        Row("incr of a value with spaces behind", Set("1    ") + "incr n 1\r\nget n\r\n", Stored + "2\r\n" + Value("2    ")),
        Row("incr of a value with a word behind", Set("1 x") + "incr n 1\r\nget n\r\n", Stored + "2\r\n" + Value("2  ")),
        Row("incr of a value with a line behind", Set("1\r\n2") + "incr n 1\r\nget n\r\n", Stored + "2\r\n" + Value("2   ")),
        Row("incr of letters", Set("a") + "incr n 1\r\n", Stored + NonNumeric),
        Row("incr of a digit and letters", Set("1a") + "incr n 1\r\nget n\r\n", Stored + NonNumeric + Value("1a")),
        Row("incr of a broken number", Set("1.5") + "incr n 1\r\n", Stored + NonNumeric),
        Row("incr of a value with a zero byte behind", Set("1\0x") + "incr n 1\r\nget n\r\n", Stored + "2\r\n" + Value("2  ")),
        Row("incr of minus 0", Set("-0") + "incr n 1\r\nget n\r\n", Stored + "1\r\n" + Value("1 ")),
        Row("incr of a negative number that is none modulo 2^64", Set("-" + Largest) + "incr n 1\r\n", Stored + "2\r\n"),
        Row("incr of a negative number", Set("-1") + "incr n 1\r\n", Stored + NonNumeric),
        Row("incr of an empty value", Set("") + "incr n 1\r\n", Stored + NonNumeric),
        Row("incr again and again", Set("8") + "incr n 1\r\nincr n 1\r\nincr n 1\r\ndecr n 3\r\nget n\r\n", Stored + "9\r\n10\r\n11\r\n8\r\n" + Value("8 ")),
        Row("decr", Set("5") + "decr n 3\r\nget n\r\n", Stored + "2\r\n" + Value("2")),
        Row("decr to one digit less pads the value", Set("10") + "decr n 1\r\nget n\r\n", Stored + "9\r\n" + Value("9 ")),
        Row("decr stops at 0", Set("5") + "decr n 6\r\nget n\r\n", Stored + "0\r\n" + Value("0")),
        Row("decr stops at 0 and pads the value", Set("100") + "decr n 200\r\nget n\r\nincr n 5\r\nget n\r\n", Stored + "0\r\n" + Value("0  ") + "5\r\n" + Value("5  ")),
        Row("decr by the largest delta", Set(Largest) + $"decr n {Largest}\r\n", Stored + "0\r\n"),
        Row("incr of a number that append made", Set("1") + "append n 0 0 1\r\n2\r\nincr n 1\r\n", Stored + Stored + "13\r\n"),
        Row("append to a padded number", Set("10") + "decr n 1\r\nappend n 0 0 1\r\n5\r\nget n\r\n", Stored + "9\r\n" + Stored + Value("9 5")),
        Row("incr with noreply for a delta", "incr n noreply\r\n", "")
            .Ours(InvalidDelta, "the word is where the delta belongs; saying nothing would leave the client waiting"),
    ];

    private static IEnumerable<Exchange> ForEach(string command) =>
    [
        Row($"{command} of a missing key", $"{command} n 1\r\n", NotFound),
        Row($"{command} by 0", Set("1") + $"{command} n 0\r\nget n\r\n", Stored + "1\r\n" + Value("1")),
        Row($"{command} noreply", Set("1") + $"{command} n 1 noreply\r\n{command} m 1 noreply\r\nget n\r\n", Stored + Value(command == "incr" ? "2" : "0")),
        Row($"{command} without arguments", $"{command}\r\n", BadFormat).Older(Error),
        Row($"{command} without a delta", $"{command} n\r\n", BadFormat).Older(Error),
        Row($"{command} by letters", $"{command} n x\r\n", InvalidDelta),
        Row($"{command} by a digit and letters", $"{command} n 1x\r\n", InvalidDelta),
        Row($"{command} by a negative number", $"{command} n -1\r\n", InvalidDelta),
        Row($"{command} by minus 0", $"{command} n -0\r\n", NotFound),
        Row($"{command} by a number with a plus", $"{command} n +1\r\n", NotFound),
        Row($"{command} by 2^64", Set("5") + $"{command} n 18446744073709551616\r\n", Stored + InvalidDelta),
        Row($"{command} noreply by 2^64", $"{command} n 18446744073709551616 noreply\r\n", ""),
        Row($"{command} with a word behind", $"{command} n 1 x\r\n", NotFound),
        Row($"{command} of the longest key", $"{command} {LongestKey} 1\r\n", NotFound),
        Row($"{command} of a key that is too long", $"{command} {TooLongKey} 1\r\n", BadFormat),
        Row($"{command} ended by a bare LF", $"{command} n 1\n", NotFound),
    ];

    private static string Set(string value) => $"set n 0 0 {value.Length}\r\n{value}\r\n";

    private static string Value(string value) => $"VALUE n 0 {value.Length}\r\n{value}\r\n{End}";
}
