using System.Text;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>A heartbeat as Nova sends it: set, flags 1, exptime 0, and a pickled CachedValue of the node's own time.</summary>
internal static class BeatWriter
{
    private static readonly byte[] Middle = Encoding.ASCII.GetBytes($" {CachedDateTime.PickledFlag} 0 {CachedDateTimeWriter.Length}\r\n");

    public static readonly int Length = 4 + NovaKey.Sha1Length + Middle.Length + CachedDateTimeWriter.Length + 2;

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public static void Write(ReadOnlySpan<byte> key, DateTime utc, Span<byte> request)
    {
        "set "u8.CopyTo(request);
        key.CopyTo(request[4..]);
        Span<byte> rest = request[(4 + key.Length)..];
        Middle.CopyTo(rest);
        rest = rest[Middle.Length..];
        CachedDateTimeWriter.Write(utc, rest);
        "\r\n"u8.CopyTo(rest[CachedDateTimeWriter.Length..]);
    }
}
