using System.Buffers.Binary;

namespace LivenessEngine.Memcached.Nova;

/// <summary>A heartbeat inside of zlib (RFC 1950), as bmemcached sends it. Allocates.</summary>
internal static class CompressedHeartbeat
{
    // Deflate with a window of 32 KiB, the fastest level; and a stored block that is the last (RFC 1951, 3.2.4).
    private const int HeadLength = 7;
    private const int ChecksumLength = 4;
    private const uint AdlerModulus = 65_521;

    /// <summary>The same heartbeat with another <c>ct</c>, in stored blocks; null if there is no heartbeat inside.</summary>
    public static byte[]? WithCreationTime(ReadOnlySpan<byte> value, uint flags, double seconds)
    {
        byte[]? pickle = CachedDateTimeReader.Inflate(value);
        if (pickle is null || !CachedDateTimeReader.TryRead(pickle, flags & ~CachedDateTime.CompressedFlag, out CachedDateTime cached))
        {
            return null;
        }

        // Text would get another length, which a frame around it forbids; python writes none inside of frames.
        if (cached.Place.Form == CreationTimeForm.Text && pickle[0] == 0x80)
        {
            return null;
        }

        HeartbeatForm form = cached.Place.Form == CreationTimeForm.Double ? HeartbeatForm.Double : HeartbeatForm.Text;
        Span<byte> time = stackalloc byte[CreationTime.LongestLength];
        time = time[..CreationTime.Write(seconds, form, time)];
        return Store([.. pickle.AsSpan(0, cached.Place.Offset), .. time, .. pickle.AsSpan(cached.Place.Offset + cached.Place.Length)]);
    }

    private static byte[] Store(ReadOnlySpan<byte> bytes)
    {
        var stored = new byte[HeadLength + bytes.Length + ChecksumLength];
        (stored[0], stored[1], stored[2]) = (0x78, 0x01, 0x01);
        BinaryPrimitives.WriteUInt16LittleEndian(stored.AsSpan(3), (ushort)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(stored.AsSpan(5), (ushort)~bytes.Length);
        bytes.CopyTo(stored.AsSpan(HeadLength));
        BinaryPrimitives.WriteUInt32BigEndian(stored.AsSpan(HeadLength + bytes.Length), Adler32(bytes));
        return stored;
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        (uint a, uint b) = (1, 0);
        foreach (byte value in bytes)
        {
            a = (a + value) % AdlerModulus;
            b = (b + a) % AdlerModulus;
        }

        return (b << 16) | a;
    }
}
