using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using LivenessEngine.Memcached.Tests.Protocol;

namespace LivenessEngine.Memcached.Tests.Server.Text;

/// <summary>
/// The text protocol again, slow and obvious: a dictionary, the whole stream in one text, and no time that passes.
/// Without gets, gats and cas's success, whose versions are the table's own.
/// </summary>
internal sealed partial class SlowServer(long unixSeconds)
{
    private const string BadFormat = "CLIENT_ERROR bad command line format\r\n";
    private const int MaxKey = 250;
    private const long ThirtyDays = 2_592_000;

    private readonly Dictionary<string, (uint Flags, string Value, bool Expired)> _items = [];
    private readonly StringBuilder _replies = new();
    private string _stream = "";
    private int _at;

    /// <summary>The replies to a stream of requests, up to the first that is not whole.</summary>
    public string Answer(string stream)
    {
        (_stream, _at) = (stream, 0);
        int end;
        while ((end = _stream.IndexOf('\n', _at)) >= 0)
        {
            bool withCr = end > _at && _stream[end - 1] == '\r';
            string line = _stream[_at..(withCr ? end - 1 : end)];
            _at = end + 1;
            string parsed = SlowParser.Parse(line, withCr ? 2 : 1);
            if (parsed == "Quit" || !Execute(parsed.Split(' '), line))
            {
                break;
            }
        }

        return _replies.ToString();
    }

    // False: the stream ends before the request does.
    private bool Execute(string[] words, string line)
    {
        bool noReply = words.Length > 1 && words[^1] == "noreply";
        switch (words[0])
        {
            case "UnknownCommand":
                Reply("ERROR\r\n");
                return true;
            case "BadFormat":
                string? swallow = words.FirstOrDefault(word => word.StartsWith("swallow=", StringComparison.Ordinal));
                Reply(BadFormat, noReply);
                return swallow is null || Data((int)Number(swallow)) is not null;
            case "InvalidDelta":
                Reply("CLIENT_ERROR invalid numeric delta argument\r\n", noReply);
                return true;
            case "InvalidExptime":
                Reply("CLIENT_ERROR invalid exptime argument\r\n", noReply);
                return true;
            case "Get" or "Gat":
                Get(words, line);
                return true;
            case "Set" or "Add" or "Replace" or "Append" or "Prepend" or "Cas":
                return Store(words, noReply && words.Length > 5);
            case "Delete":
                bool there = Find(words[1]) is not null && _items.Remove(words[1]);
                Reply(there ? "DELETED\r\n" : "NOT_FOUND\r\n", noReply && words.Length > 2);
                return true;
            case "Touch":
                Reply(Touch(words[1], Number(words[2])) ? "TOUCHED\r\n" : "NOT_FOUND\r\n", noReply);
                return true;
            case "Incr" or "Decr":
                Reply(Add(words[0] == "Incr", words[1], ulong.Parse(words[2].AsSpan(6), CultureInfo.InvariantCulture)), noReply);
                return true;
            case "FlushAll":
                _items.Clear();
                Reply("OK\r\n", noReply);
                return true;
            case "Version":
                Reply("VERSION 1.6.45\r\n");
                return true;
            default:
                throw new NotSupportedException(line);
        }
    }

    private void Get(string[] words, string line)
    {
        bool touch = words[0] == "Gat";
        string[] all = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (all.Any(word => word.Length > MaxKey))
        {
            Reply(BadFormat + "\r\n");
            return;
        }

        foreach (string key in all.Skip(touch ? 2 : 1))
        {
            if (Find(key) is { } item)
            {
                Reply($"VALUE {key} {item.Flags} {item.Value.Length}\r\n{item.Value}\r\n");
                _ = touch && Touch(key, Number(words[2]));
            }
        }

        Reply("END\r\n");
    }

    // Set <key> flags=<n> exptime=<n> length=<n> [cas=<n>] [noreply]
    private bool Store(string[] words, bool noReply)
    {
        if (Data((int)Number(words[4])) is not { } data)
        {
            return false;
        }

        if (!data.EndsWith("\r\n", StringComparison.Ordinal))
        {
            Reply("CLIENT_ERROR bad data chunk\r\n", noReply);
            return true;
        }

        string key = words[1];
        string value = data[..^2];
        var present = Find(key);
        string reply = words[0] switch
        {
            "Add" => present is null ? "STORED\r\n" : "NOT_STORED\r\n",
            "Replace" or "Append" or "Prepend" => present is null ? "NOT_STORED\r\n" : "STORED\r\n",
            "Cas" => present is null ? "NOT_FOUND\r\n" : "EXISTS\r\n",
            _ => "STORED\r\n",
        };
        if (reply == "STORED\r\n")
        {
            _items[key] = words[0] switch
            {
                "Append" => present!.Value with { Value = present.Value.Value + value },
                "Prepend" => present!.Value with { Value = value + present.Value.Value },
                _ => ((uint)Number(words[2]), value, IsOver(Number(words[3]))),
            };
        }

        Reply(reply, noReply);
        return true;
    }

    private bool Touch(string key, long exptime)
    {
        if (Find(key) is not { } item)
        {
            return false;
        }

        _items[key] = item with { Expired = IsOver(exptime) };
        return true;
    }

    private string Add(bool up, string key, ulong delta)
    {
        if (Find(key) is not { } item)
        {
            return "NOT_FOUND\r\n";
        }

        // A number in front of more than 32 KiB of other things is none for us; memcached counts with it up to 512 KiB.
        bool large = key.Length + item.Value.Length > 32_700;
        Match digits = Digits().Match(item.Value + "\r\n");
        if (large || !digits.Success || BigInteger.Parse(digits.Groups[1].Value, CultureInfo.InvariantCulture) is var number && number > ulong.MaxValue)
        {
            return "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n";
        }

        ulong result = up ? unchecked((ulong)number + delta) : number < delta ? 0 : (ulong)number - delta;
        string text = result.ToString(CultureInfo.InvariantCulture);
        _items[key] = item with { Value = text.PadRight(item.Value.Length) };
        return text + "\r\n";
    }

    private (uint Flags, string Value, bool Expired)? Find(string key)
        => _items.TryGetValue(key, out var item) && !item.Expired ? item : null;

    private bool IsOver(long exptime) => exptime < 0 || (exptime > ThirtyDays && exptime <= unixSeconds);

    // The data block and its end; null when the stream ends before.
    private string? Data(int length)
    {
        int end = _at + length + 2;
        string? data = end <= _stream.Length ? _stream[_at..end] : null;
        _at = end;
        return data;
    }

    private void Reply(string reply, bool noReply = false) => _replies.Append(noReply ? "" : reply);

    private static long Number(string word) => long.Parse(word.AsSpan(word.IndexOf('=') + 1), CultureInfo.InvariantCulture);

    // A zero byte ends a number as white space does: to C the value ends there.
    [GeneratedRegex(@"^[ \t\n\v\f\r]*\+?([0-9]+)[ \t\n\v\f\r\0]", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
