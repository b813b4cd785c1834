using System.IO.Compression;

namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// Reads a heartbeat that Nova wrote, by any pickle protocol (0 to 5), of python 2 or 3, compressed or not. Nothing of it is
/// executed: see <see cref="PickleMachine"/>.
/// </summary>
/// <remarks>Allocates nothing, except for a compressed value.</remarks>
internal static class CachedDateTimeReader
{
    /// <summary>Nova's are at most 240 bytes; what is longer is something else.</summary>
    public const int LongestValue = 4096;

    /// <summary>False for anything of another shape; <see cref="Describe"/> then says what was found.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, uint flags, out CachedDateTime cached)
        => Read(value, flags, out cached, describe: false) is null;

    /// <summary>What was found in place of a heartbeat; null for a heartbeat.</summary>
    public static string? Describe(ReadOnlySpan<byte> value, uint flags) => Read(value, flags, out _, describe: true);

    // Null for a heartbeat.
    private static string? Read(ReadOnlySpan<byte> value, uint flags, out CachedDateTime cached, bool describe)
    {
        cached = default;
        if (value.Length > LongestValue)
        {
            return describe ? $"{value.Length} bytes, which is more than any heartbeat has" : "";
        }

        if ((flags & CachedDateTime.PickledFlag) == 0)
        {
            return describe ? $"no pickle: flags {flags}" : "";
        }

        if ((flags & CachedDateTime.CompressedFlag) == 0)
        {
            return Run(value, out cached, describe);
        }

        byte[]? inflated = Inflate(value);
        if (inflated is null)
        {
            return describe ? "compressed data that is broken or too long" : "";
        }

        string? problem = Run(inflated, out cached, describe);
        cached = cached with { Place = default, PayloadAt = default };
        return problem;
    }

    private static string? Run(ReadOnlySpan<byte> value, out CachedDateTime cached, bool describe)
    {
        Span<PickleNode> stack = stackalloc PickleNode[PickleMachine.Depth];
        Span<PickleNode> memo = stackalloc PickleNode[PickleMachine.Memory];
        Span<PickleNode> parts = stackalloc PickleNode[PickleMachine.Memory];
        memo.Clear();
        var machine = new PickleMachine(value, stack, memo, parts);
        return machine.TryRun(out cached) ? null : describe ? machine.Problem : "";
    }

    /// <summary>What is inside of zlib; null if that is broken or too long.</summary>
    public static byte[]? Inflate(ReadOnlySpan<byte> value)
    {
        var inflated = new byte[LongestValue + 1];
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(value.ToArray()), CompressionMode.Decompress);
            int length = zlib.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
            return length > LongestValue ? null : inflated[..length];
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            // The second is for what zlib itself does not expect: data that asks for a dictionary.
            return null;
        }
    }
}
