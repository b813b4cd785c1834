using System.Diagnostics;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Fuzz.Targets;

/// <summary>
/// What recognises heartbeats, on values of any kind (the first byte of an input is the item's flags): it ends soon, takes
/// little memory, and what it reads can be written anew.
/// </summary>
internal sealed class HeartbeatTarget : ITarget
{
    // What is inside of zlib is at most twice as long as a heartbeat may be, however little there is of it.
    private const long MostAllocated = 256 << 10;
    private const double NewTime = 1_900_000_000.25;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly HeartbeatShapes _shapes = new();

    public int Take(byte[] input)
    {
        uint flags = input.Length == 0 ? 1u : input[0];
        byte[] value = input.Length == 0 ? [] : input[1..];
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long started = Stopwatch.GetTimestamp();
        bool read = CachedDateTimeReader.TryRead(value, flags, out CachedDateTime cached);
        bool alike = _shapes.TryRead(value, flags, out CachedDateTime fast);
        HeartbeatValue.TryRead(flags, value, out _, out _);
        byte[]? rewritten = CompressedHeartbeat.WithCreationTime(value, flags, NewTime);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, MostAllocated + (4 * value.Length));
        Assert.True(Stopwatch.GetElapsedTime(started) < Longest, "it takes too long");

        Assert.False(HeartbeatValue.Describe(flags, value).Contains('\n'), "a description of one line");
        if (read)
        {
            // Shapes do not look at flags: who asks them has done it.
            Assert.True(alike && fast == cached, "what is compared reads as what is read");
            CheckPlace(value, flags, cached);
        }

        if (rewritten is not null)
        {
            Assert.True(CachedDateTimeReader.TryRead(rewritten, flags | CachedDateTime.CompressedFlag, out CachedDateTime anew), "what was written anew can be read");
            Assert.Equal(NewTime, anew.CreationTime);
        }

        return 1;
    }

    public void End()
    {
    }

    // A double is replaced where it stands: the rest stays.
    private static void CheckPlace(byte[] value, uint flags, CachedDateTime cached)
    {
        if (cached.Place.Form != CreationTimeForm.Double)
        {
            return;
        }

        Assert.InRange(cached.Place.Offset, 0, value.Length - CreationTime.DoubleLength);
        byte[] changed = [.. value];
        CreationTime.Write(NewTime, HeartbeatForm.Double, changed.AsSpan(cached.Place.Offset));
        Assert.True(CachedDateTimeReader.TryRead(changed, flags, out CachedDateTime anew), "with another time it is a heartbeat still");
        Assert.Equal(cached with { CreationTime = NewTime }, anew);
    }
}
