using System.Text;

namespace LivenessEngine.Memcached.Tests;

/// <summary>Texts whose characters are bytes.</summary>
internal static class Bytes
{
    public static byte[] Of(string text) => Encoding.Latin1.GetBytes(text);

    public static string ToText(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
