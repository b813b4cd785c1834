namespace LivenessEngine.Wire.Exchanges;

/// <summary>Lines, keys and values that many rows have.</summary>
internal static class Texts
{
    public const string Error = "ERROR\r\n";
    public const string BadFormat = "CLIENT_ERROR bad command line format\r\n";
    public const string BadChunk = "CLIENT_ERROR bad data chunk\r\n";
    public const string TooLarge = "SERVER_ERROR object too large for cache\r\n";
    public const string OutOfMemory = "SERVER_ERROR out of memory storing object\r\n";
    public const string InvalidDelta = "CLIENT_ERROR invalid numeric delta argument\r\n";
    public const string InvalidExptime = "CLIENT_ERROR invalid exptime argument\r\n";
    public const string NonNumeric = "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n";
    public const string DetailUsage = "CLIENT_ERROR usage: stats detail on|off|dump\r\n";
    public const string Stored = "STORED\r\n";
    public const string NotStored = "NOT_STORED\r\n";
    public const string NotFound = "NOT_FOUND\r\n";
    public const string End = "END\r\n";
    public const string Ok = "OK\r\n";

    /// <summary>The value of a that most rows store.</summary>
    public const string SetA = "set a 0 0 1\r\n1\r\n";

    public const string ValueA = "VALUE a 0 1\r\n1\r\n";

    /// <summary>The longest value of a key of one byte, without flags, that the default item size takes.</summary>
    public const int LongestValue = 1_048_516;

    /// <summary>The longest key there may be.</summary>
    public static readonly string LongestKey = new('k', 250);

    public static readonly string TooLongKey = new('k', 251);

    public static string Bytes(int length) => new('x', length);

    public static string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
