using System.Buffers;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Memcached.Client;

/// <summary>A line of a reply.</summary>
internal static class ReplyLine
{
    /// <summary>No line of a reply that is asked for here is longer: a key of 250 bytes and a few words.</summary>
    public const int Longest = 2048;

    /// <summary>Takes a line off the buffer; false if its end has not come yet.</summary>
    /// <exception cref="ReplyException">There is no end where one should be.</exception>
    public static bool TryRead(ref SequenceReader<byte> reader, scoped Span<byte> copy, out int length)
    {
        length = 0;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            return reader.Remaining > Longest ? throw new ReplyException("sent a line without an end", isRefusal: false) : false;
        }

        if (line.Length > copy.Length)
        {
            throw new ReplyException("sent a line that is too long", isRefusal: false);
        }

        line.CopyTo(copy);
        length = (int)line.Length;
        if (length > 0 && copy[length - 1] == (byte)'\r')
        {
            length--;
        }

        return true;
    }

    /// <summary>The fault that an unexpected line is.</summary>
    public static ReplyException Unexpected(ReadOnlySpan<byte> line, string command)
        => new($"answered '{PickleText.Show(line)}' to a {command}", isRefusal: IsRefusal(line));

    /// <summary>SERVER_ERROR: the command was understood and not done, and the next reply is that of the next command.</summary>
    public static bool IsRefusal(ReadOnlySpan<byte> line) => line.StartsWith("SERVER_ERROR"u8);
}
