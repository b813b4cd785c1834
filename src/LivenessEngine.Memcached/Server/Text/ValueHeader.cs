using System.Buffers.Text;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Text;

/// <summary>VALUE &lt;key&gt; &lt;flags&gt; &lt;bytes&gt; [&lt;cas unique&gt;]</summary>
/// <param name="WithCas">Whether the version is told.</param>
internal readonly record struct ValueHeader(uint Flags, int Length, bool WithCas, ulong Cas)
{
    public const int LongestLength = 6 + RequestParser.MaxKeyLength + 1 + 10 + 1 + 10 + 1 + 20 + 2;

    /// <summary>Writes it; returns its length.</summary>
    public int Write(ReadOnlySpan<byte> key, Span<byte> target)
    {
        Replies.Value.CopyTo(target);
        int at = Replies.Value.Length;
        key.CopyTo(target[at..]);
        at += key.Length;
        at += WriteNumber(Flags, target[at..]);
        at += WriteNumber((uint)Length, target[at..]);
        if (WithCas)
        {
            at += WriteNumber(Cas, target[at..]);
        }

        "\r\n"u8.CopyTo(target[at..]);
        return at + 2;
    }

    private static int WriteNumber(ulong number, Span<byte> target)
    {
        target[0] = (byte)' ';
        Utf8Formatter.TryFormat(number, target[1..], out int length);
        return length + 1;
    }
}
