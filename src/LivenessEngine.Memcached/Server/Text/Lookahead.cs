using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Text;

/// <summary>
/// Asks the memory for what the next requests of a batch will look at, while it is busy with none of them: of many keys
/// the places come in the time of one. A hint and nothing else: what is wrong here is slower and has no other effect.
/// </summary>
/// <remarks>Of one connection. Bench: <c>loadgen compare</c>, depth 16 and the get of 50 keys.</remarks>
internal sealed class Lookahead(LivenessTable table)
{
    private const int Window = 16;

    private readonly uint[] _hashes = new uint[Window];

    /// <summary>Looks at requests that have come; returns how many bytes of them it has seen, at least 1.</summary>
    public int AtRequests(ReadOnlySpan<byte> input)
    {
        int at = 0;
        int count = 0;
        while (count < Window && TryKey(input[at..], out ReadOnlySpan<byte> key, out int length))
        {
            Ask(key, count++);
            at += length;
            if (at >= input.Length)
            {
                break;
            }
        }

        AskForBlocks(count);
        return Math.Max(at, 1);
    }

    /// <summary>Looks at the keys of a get; returns how many bytes of them it has seen, at least 1.</summary>
    public int AtKeys(ReadOnlySpan<byte> keys)
    {
        int at = 0;
        int count = 0;
        while (count < Window)
        {
            int length = keys[at..].IndexOfAny((byte)' ', (byte)'\n');
            if (length <= 0)
            {
                break;
            }

            Ask(keys.Slice(at, length).TrimEnd((byte)'\r'), count++);
            at += length;
            if (keys[at] == '\n')
            {
                break;
            }

            at++;
        }

        AskForBlocks(count);
        return Math.Max(at, 1);
    }

    // get <key>..., mg <key>... or set <key> <flags> <exptime> <bytes>..., with its data block.
    private static bool TryKey(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> key, out int length)
    {
        key = default;
        length = 0;
        bool isSet = input.StartsWith("set "u8);
        int command = isSet || input.StartsWith("get "u8) ? 4 : input.StartsWith("mg "u8) ? 3 : 0;
        int end = input.IndexOf((byte)'\n');
        if (end < 0 || command == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> line = input[command..end];
        int keyEnd = line.IndexOfAny((byte)' ', (byte)'\r');
        key = keyEnd < 0 ? line : line[..keyEnd];
        length = end + 1 + (isSet && keyEnd >= 0 ? DataLength(line[(keyEnd + 1)..]) : 0);
        return !key.IsEmpty;
    }

    // The third number of <flags> <exptime> <bytes>, and CRLF.
    private static int DataLength(ReadOnlySpan<byte> numbers)
    {
        int spaces = 0;
        uint length = 0;
        foreach (byte b in numbers)
        {
            if (b == ' ')
            {
                spaces++;
            }
            else if (spaces == 2 && b is >= (byte)'0' and <= (byte)'9')
            {
                length = (length * 10) + b - '0';
            }
        }

        return (int)Math.Min(length, 1 << 20) + BlockStore.CrLf;
    }

    private void Ask(ReadOnlySpan<byte> key, int number)
    {
        if (!key.IsEmpty)
        {
            _hashes[number] = table.Prefetch(key);
        }
    }

    private void AskForBlocks(int count)
    {
        foreach (uint hash in _hashes.AsSpan(0, count))
        {
            table.PrefetchBlock(hash);
        }
    }
}
