using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>delete &lt;key&gt; [0] [noreply]</summary>
internal static class DeleteRows
{
    private const string Deleted = "DELETED\r\n";
    private const string Usage = "CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]\r\n";

    public static IEnumerable<Exchange> All =>
    [
        Row("delete", SetA + "delete a\r\nget a\r\ndelete a\r\n", Stored + Deleted + End + NotFound),
        Row("delete of a missing key", "delete a\r\n", NotFound),
        Row("delete with the time that old clients send", SetA + "delete a 0\r\n", Stored + Deleted),
        Row("delete with another time", "delete a 1\r\n", NotFound).Older(Usage),
        Row("delete with words behind", "delete a b c\r\n", NotFound).Older(Usage),
        Row("delete with three words behind", "delete a b c d\r\n", NotFound).Older(Error),
        Row("delete with four words behind", "delete a b c d e\r\n", BadFormat).Older(Error),
        Row("delete noreply", SetA + "delete a noreply\r\ndelete a noreply\r\nget a\r\n", Stored + End),
        Row("delete with a time and noreply", SetA + "delete a 0 noreply\r\nget a\r\n", Stored + End),
        Row("delete without a key", "delete\r\n", BadFormat).Older(Error),
        Row("delete with a space and no key", "delete \r\n", BadFormat).Older(Error),
        Row("delete of the longest key", $"delete {LongestKey}\r\n", NotFound),
        Row("delete of a key that is too long", $"delete {TooLongKey}\r\n", BadFormat),
        Row("delete noreply of a key that is too long", $"delete {TooLongKey} noreply\r\n", ""),
        Row("delete ended by a bare LF", SetA + "delete a\n", Stored + Deleted),
        Row("delete of a key called noreply", "set noreply 0 0 1\r\n1\r\ndelete noreply\r\n", Stored).Older(Stored + Deleted)
            .Ours(Stored + Deleted, "a key's own place is never taken for the word"),
        Row("delete behind thousands of spaces", $"delete{new string(' ', 5000)}a\r\n", NotFound)
            .InOnePiece("only get and gets may be longer than 2048 bytes before they end"),
    ];
}
