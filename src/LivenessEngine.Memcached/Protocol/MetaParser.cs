namespace LivenessEngine.Memcached.Protocol;

/// <summary>
/// The flags of a meta command: pure, allocates nothing, keeps nothing. As in memcached 1.6.45 every command takes every
/// flag, passes over those that mean nothing to it, and of several faults the last one is told.
/// </summary>
internal static class MetaParser
{
    public const int MaxOpaqueLength = 32;

    // Command and key are among them.
    private const int MostTokens = 20;

    /// <summary>Reads the flags.</summary>
    /// <param name="line">The line.</param>
    /// <param name="keyBuffer">Room for a decoded key, <see cref="RequestParser.MaxKeyLength"/> bytes.</param>
    /// <param name="request">The request; good if there is no error.</param>
    public static MetaFault Parse(Request line, Span<byte> keyBuffer, out MetaRequest request)
    {
        request = default;
        request.Key = line.Key;
        request.Flags = line.Arguments;
        request.Delta = 1;
        MetaFault fault = ParseFlags(line.Command == Command.MetaSet ? 3 : 2, keyBuffer, ref request);
        if (fault != MetaFault.None)
        {
            return line.Command == Command.MetaArithmetic ? MetaFault.InvalidOrDuplicateFlag : fault;
        }

        if (line.Command == Command.MetaSet && request.Has('M') && (char)request.Mode is not ('S' or 'E' or 'R' or 'A' or 'P'))
        {
            return MetaFault.InvalidSetMode;
        }

        if (line.Command == Command.MetaArithmetic && request.Has('M') && (char)request.Mode is not ('I' or '+' or 'D' or '-'))
        {
            return MetaFault.InvalidArithmeticMode;
        }

        return OpaqueOf(request).Length > MaxOpaqueLength ? MetaFault.OpaqueTooLong : MetaFault.None;
    }

    /// <summary>The opaque token with its O; empty if there is none.</summary>
    public static ReadOnlySpan<byte> OpaqueOf(in MetaRequest request)
    {
        if (request.Has('O'))
        {
            var words = new Tokens(request.Flags);
            for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
            {
                if (word[0] == 'O')
                {
                    return word;
                }
            }
        }

        return default;
    }

    private static MetaFault ParseFlags(int wordsBefore, Span<byte> keyBuffer, ref MetaRequest request)
    {
        var words = new Tokens(request.Flags);
        if (request.Key.Length > RequestParser.MaxKeyLength)
        {
            return MetaFault.BadFormat;
        }

        if (wordsBefore + words.Count() > MostTokens)
        {
            return MetaFault.TooManyFlags;
        }

        MetaFault last = MetaFault.None;
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            if (!request.TryAdd(word[0]))
            {
                return MetaFault.DuplicateFlag;
            }

            if (word[0] == 'b')
            {
                int length = Base64Key.Decode(request.Key, keyBuffer);
                last = length == 0 ? MetaFault.BadKey : last;
                request.Key = keyBuffer[..length];
                continue;
            }

            MetaFault fault = ParseFlag(word, ref request);
            if (fault == MetaFault.InvalidFlag)
            {
                return fault;
            }

            // What is wrong with F is not told, unless nothing else is wrong (memcached, _meta_flag_preparse).
            last = fault == MetaFault.None || (word[0] == 'F' && last != MetaFault.None) ? last : fault;
        }

        return last;
    }

    private static MetaFault ParseFlag(ReadOnlySpan<byte> word, ref MetaRequest request)
    {
        ReadOnlySpan<byte> token = word[1..];
        switch ((char)word[0])
        {
            case 'T':
                return WireNumber.TryParse(token, out request.Exptime) ? MetaFault.None : MetaFault.BadToken;
            case 'N':
                return WireNumber.TryParse(token, out request.VivifyExptime) ? MetaFault.None : MetaFault.BadToken;
            case 'R':
                return WireNumber.TryParse(token, out request.Recache) ? MetaFault.None : MetaFault.BadToken;
            case 'C':
                return WireNumber.TryParse(token, out request.Cas) ? MetaFault.None : MetaFault.BadToken;
            case 'E':
                return WireNumber.TryParse(token, out request.Version) ? MetaFault.None : MetaFault.BadToken;
            case 'J':
                return WireNumber.TryParse(token, out request.Initial) ? MetaFault.None : MetaFault.InvalidInitial;
            case 'D':
                return WireNumber.TryParse(token, out request.Delta) ? MetaFault.None : MetaFault.InvalidDelta;
            case 'F':
                bool valid = WireNumber.TryParse(token, out ulong flags);
                request.ClientFlags = (uint)flags;
                return valid ? MetaFault.None : MetaFault.BadFormat;
            case 'M':
                request.Mode = token.IsEmpty ? (byte)0 : token[0];
                return MetaFault.None;
            default:
                return "cfhklqstuvxIOPL"u8.Contains(word[0]) ? MetaFault.None : MetaFault.InvalidFlag;
        }
    }
}
