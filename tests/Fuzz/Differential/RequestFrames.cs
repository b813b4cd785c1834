using System.Globalization;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Cuts a stream into requests: slow, obvious, and written without a look at the server's parser.</summary>
internal static class RequestFrames
{
    private static readonly string[] StoreCommands = ["set", "add", "replace", "append", "prepend", "cas"];

    /// <summary>Where the request that begins there ends: behind its line and its data block; past the end of the text where it is cut off.</summary>
    public static int EndOf(string text, int at)
    {
        int end = text.IndexOf('\n', at);
        if (end < 0)
        {
            return text.Length + 1;
        }

        return end + 1 + DataLengthOf(LineAt(text, at));
    }

    /// <summary>Whether the stream ends where a request ends.</summary>
    public static bool IsWhole(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            at = EndOf(text, at);
        }

        return at == text.Length;
    }

    /// <summary>The line that begins there, without its end.</summary>
    public static string LineAt(string text, int at)
    {
        int end = text.IndexOf('\n', at);
        string line = end < 0 ? text[at..] : text[at..end];
        return line.EndsWith('\r') ? line[..^1] : line;
    }

    /// <summary>The requests, the last of which may be cut off.</summary>
    public static List<string> Split(string text)
    {
        var requests = new List<string>();
        for (int at = 0, end; at < text.Length; at = end)
        {
            end = Math.Min(EndOf(text, at), text.Length);
            requests.Add(text[at..end]);
        }

        return requests;
    }

    public static bool IsStore(string command) => StoreCommands.Contains(command);

    // Its CRLF included.
    private static int DataLengthOf(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string? length = words switch
        {
            [string command, _, _, _, string bytes, ..] when IsStore(command) => bytes,
            ["ms", _, string bytes, ..] => bytes,
            _ => null,
        };
        return length is not null && int.TryParse(length, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= 0
            ? number + 2
            : 0;
    }
}
