using System.Buffers.Binary;

namespace LivenessEngine.Memcached.Protocol;

/// <summary>
/// From a request line to a request: pure, allocates nothing, keeps nothing. The grammar is that of memcached 1.6.45,
/// which takes further words behind a complete request and passes over them.
/// </summary>
internal static class RequestParser
{
    public const int MaxKeyLength = 250;

    /// <summary>The largest length of a data block that a line may announce.</summary>
    public const int MaxValueLength = int.MaxValue - 2;

    private const int ShortestLine = 4;
    private const int MostDeleteWords = 5;

    /// <summary>Parses a line.</summary>
    /// <param name="line">The line without its terminator.</param>
    /// <param name="terminatorLength">1 for a bare LF, 2 for CRLF.</param>
    /// <param name="request">
    /// The request. With <see cref="ParseResult.BadFormat"/> a <see cref="Request.ValueLength"/> of 0 or more says how
    /// long the data block is that has to be swallowed, and <see cref="Request.NoReply"/> holds.
    /// </param>
    public static ParseResult Parse(ReadOnlySpan<byte> line, int terminatorLength, out Request request)
    {
        request = default;
        request.ValueLength = -1;
        if (line.Length >= 4)
        {
            // The two that a heartbeat and its question are made of, by one comparison each.
            switch (BinaryPrimitives.ReadUInt32LittleEndian(line))
            {
                case ' ' << 24 | 't' << 16 | 'e' << 8 | 'g':
                    request.Command = Command.Get;
                    return ParseKeys(new Tokens(line[4..]), ref request);
                case ' ' << 24 | 't' << 16 | 'e' << 8 | 's':
                    request.Command = Command.Set;
                    return ParseStore(new Tokens(line[4..]), ref request);
            }
        }

        if (line.Length + terminatorLength < ShortestLine)
        {
            return ParseResult.BadFormat;
        }

        var words = new Tokens(line);
        ReadOnlySpan<byte> command = words.Next();
        if (command.IsEmpty)
        {
            return ParseResult.BadFormat;
        }

        request.Command = CommandOf(command);
        return request.Command switch
        {
            Command.Unknown => ParseResult.UnknownCommand,
            Command.Get or Command.Gets => ParseKeys(words, ref request),
            Command.Gat or Command.Gats => ParseGetAndTouch(words, ref request),
            Command.Set or Command.Add or Command.Replace or Command.Append or Command.Prepend or Command.Cas
                => ParseStore(words, ref request),
            Command.Delete => ParseDelete(words, ref request),
            Command.Incr or Command.Decr => ParseArithmetic(words, ref request),
            Command.Touch => ParseTouch(words, ref request),
            Command.MetaSet => ParseMetaSet(words, ref request),
            Command.MetaGet or Command.MetaDelete or Command.MetaArithmetic or Command.MetaDebug => ParseKeys(words, ref request),
            _ => ParseAdministrative(words, ref request),
        };
    }

    private static Command CommandOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        2 => word[0] != 'm' ? Command.Unknown : (char)word[1] switch
        {
            'g' => Command.MetaGet,
            's' => Command.MetaSet,
            'd' => Command.MetaDelete,
            'a' => Command.MetaArithmetic,
            'e' => Command.MetaDebug,
            'n' => Command.MetaNoOp,
            _ => Command.Unknown,
        },
        3 => word.SequenceEqual("add"u8) ? Command.Add
            : word.SequenceEqual("cas"u8) ? Command.Cas
            : word.SequenceEqual("gat"u8) ? Command.Gat
            : word.SequenceEqual("get"u8) ? Command.Get
            : word.SequenceEqual("set"u8) ? Command.Set
            : word.SequenceEqual("lru"u8) ? Command.Lru
            : Command.Unknown,
        4 => word.SequenceEqual("gets"u8) ? Command.Gets
            : word.SequenceEqual("gats"u8) ? Command.Gats
            : word.SequenceEqual("incr"u8) ? Command.Incr
            : word.SequenceEqual("decr"u8) ? Command.Decr
            : word.SequenceEqual("quit"u8) ? Command.Quit
            : Command.Unknown,
        5 => word.SequenceEqual("touch"u8) ? Command.Touch
            : word.SequenceEqual("stats"u8) ? Command.Stats
            : word.SequenceEqual("watch"u8) ? Command.Watch
            : word.SequenceEqual("slabs"u8) ? Command.Slabs
            : Command.Unknown,
        6 => word.SequenceEqual("delete"u8) ? Command.Delete
            : word.SequenceEqual("append"u8) ? Command.Append
            : Command.Unknown,
        7 => word.SequenceEqual("replace"u8) ? Command.Replace
            : word.SequenceEqual("prepend"u8) ? Command.Prepend
            : word.SequenceEqual("version"u8) ? Command.Version
            : Command.Unknown,
        8 => word.SequenceEqual("shutdown"u8) ? Command.Shutdown
            : word.SequenceEqual("liveness"u8) ? Command.Liveness
            : Command.Unknown,
        9 => word.SequenceEqual("flush_all"u8) ? Command.FlushAll
            : word.SequenceEqual("verbosity"u8) ? Command.Verbosity
            : Command.Unknown,
        11 => word.SequenceEqual("lru_crawler"u8) ? Command.LruCrawler : Command.Unknown,
        13 => word.SequenceEqual("refresh_certs"u8) ? Command.RefreshCerts : Command.Unknown,
        14 => word.SequenceEqual("cache_memlimit"u8) ? Command.CacheMemlimit : Command.Unknown,
        _ => Command.Unknown,
    };

    // get <key>*, gets <key>*; mg <key> <flags>*, md, ma, me: MetaParser reads the flags.
    private static ParseResult ParseKeys(Tokens words, ref Request request)
    {
        request.Key = words.Next();
        request.Arguments = words.Rest;
        return request.Key.IsEmpty ? ParseResult.BadFormat : ParseResult.Done;
    }

    // gat <exptime> <key>*, gats <exptime> <key>*
    private static ParseResult ParseGetAndTouch(Tokens words, ref Request request)
    {
        ReadOnlySpan<byte> exptime = words.Next();
        ParseResult result = ParseKeys(words, ref request);
        return result != ParseResult.Done || WireNumber.TryParse(exptime, out request.Exptime) ? result : ParseResult.InvalidExptime;
    }

    // <command> <key> <flags> <exptime> <bytes> [<cas unique>] [noreply]
    private static ParseResult ParseStore(Tokens words, ref Request request)
    {
        request.Key = words.Next();
        ReadOnlySpan<byte> flags = words.Next();
        ReadOnlySpan<byte> exptime = words.Next();
        if (!WireNumber.TryParse(words.Next(), out long length) || length is < 0 or > MaxValueLength)
        {
            return ParseResult.BadFormat;
        }

        request.ValueLength = (int)length;
        bool valid = request.Key.Length <= MaxKeyLength;
        if (request.Command == Command.Cas)
        {
            valid &= WireNumber.TryParse(words.Next(), out request.Cas);
        }

        request.NoReply = EndsWithNoReply(words);
        valid &= WireNumber.TryParse(flags, out ulong flagBits) & WireNumber.TryParse(exptime, out request.Exptime);
        request.Flags = (uint)flagBits;
        return valid ? ParseResult.Done : ParseResult.BadFormat;
    }

    // ms <key> <bytes> <flags>*: MetaParser reads the flags, and looks at the key.
    private static ParseResult ParseMetaSet(Tokens words, ref Request request)
    {
        request.Key = words.Next();
        if (!WireNumber.TryParse(words.Next(), out long length) || length is < 0 or > MaxValueLength)
        {
            return ParseResult.BadFormat;
        }

        request.ValueLength = (int)length;
        request.Arguments = words.Rest;
        return ParseResult.Done;
    }

    // delete <key> [0] [noreply]
    private static ParseResult ParseDelete(Tokens words, ref Request request)
    {
        int further = words.Count() - 1;
        request.Key = words.Next();
        request.NoReply = EndsWithNoReply(words);
        return request.Key.Length is > 0 and <= MaxKeyLength && further < MostDeleteWords - 1
            ? ParseResult.Done
            : ParseResult.BadFormat;
    }

    // incr <key> <delta> [noreply], decr <key> <delta> [noreply]
    private static ParseResult ParseArithmetic(Tokens words, ref Request request)
    {
        request.Key = words.Next();
        ReadOnlySpan<byte> delta = words.Next();
        request.NoReply = EndsWithNoReply(words);
        return delta.IsEmpty || request.Key.Length > MaxKeyLength ? ParseResult.BadFormat
            : WireNumber.TryParse(delta, out request.Delta) ? ParseResult.Done
            : ParseResult.InvalidDelta;
    }

    // touch <key> <exptime> [noreply]
    private static ParseResult ParseTouch(Tokens words, ref Request request)
    {
        request.Key = words.Next();
        ReadOnlySpan<byte> exptime = words.Next();
        request.NoReply = EndsWithNoReply(words);
        return exptime.IsEmpty || request.Key.Length > MaxKeyLength ? ParseResult.BadFormat
            : WireNumber.TryParse(exptime, out request.Exptime) ? ParseResult.Done
            : ParseResult.InvalidExptime;
    }

    // flush_all [<delay>] [noreply], verbosity <level> [noreply], stats [...], and the rest: their own code reads the words.
    private static ParseResult ParseAdministrative(Tokens words, ref Request request)
    {
        request.Arguments = words.Rest;
        request.NoReply = request.Command != Command.Stats && EndsWithNoReply(words);
        return ParseResult.Done;
    }

    private static bool EndsWithNoReply(Tokens words)
    {
        ReadOnlySpan<byte> rest = words.Rest.TrimEnd((byte)' ');
        return rest.EndsWith("noreply"u8) && (rest.Length == 7 || rest[^8] == ' ');
    }
}
