using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>The flags of a meta reply, each with the space before it.</summary>
internal static class MetaWriter
{
    public static void Flag(this ref ReplyWriter writer, char flag)
    {
        Span<byte> target = writer.Take(2);
        target[0] = (byte)' ';
        target[1] = (byte)flag;
        writer.Advance(2);
    }

    public static void Flag(this ref ReplyWriter writer, char flag, ulong value)
    {
        writer.Flag(flag);
        writer.Write(value);
    }

    /// <summary>A flag with its token, as it came.</summary>
    public static void Flag(this ref ReplyWriter writer, scoped ReadOnlySpan<byte> word)
    {
        writer.Write((byte)' ');
        writer.Write(word);
    }

    /// <summary>t: seconds left, -1 for ever.</summary>
    public static void TimeLeft(this ref ReplyWriter writer, long seconds)
    {
        writer.Flag('t');
        writer.Write(seconds);
    }

    /// <summary>k, and b behind it if the key is told in base64.</summary>
    public static void Key(this ref ReplyWriter writer, scoped ReadOnlySpan<byte> key, bool isBinary)
    {
        writer.Flag('k');
        if (!isBinary)
        {
            writer.Write(key);
            return;
        }

        writer.Encoded(key);
        writer.Flag('b');
    }

    public static void Encoded(this ref ReplyWriter writer, scoped ReadOnlySpan<byte> key)
        => writer.Advance(Base64Key.Encode(key, writer.Take(Base64Key.MaxEncodedLength)));
}
