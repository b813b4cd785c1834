using LivenessEngine.Memcached.Transports.Epoll;
using LivenessEngine.Memcached.Transports.Loops;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

public sealed class LoopSetTests
{
    [Fact]
    public async Task Where_a_later_loop_is_refused_none_is_left_and_the_error_says_which()
    {
        Assert.SkipUnless(EpollTransport.IsSupported, "only Linux has epoll");
        int made = 0;
        bool ran = false;

        var error = Assert.Throws<IOException>(() => new LoopSet(MemcachedTransport.IoUring, 4, _ =>
        {
            if (made == 2)
            {
                ran = SpinWait.SpinUntil(() => Threads() == 2, Eventually.Deadline);
                throw new IOException("io_uring_setup: Cannot allocate memory");
            }

            return new EpollLoop($"refused-{made++}", isOneOfMany: true);
        }));

        Assert.Equal("io_uring, event loop 3 of 4: io_uring_setup: Cannot allocate memory", error.Message);
        Assert.True(ran);
        await Eventually.True(() => Threads() == 0, "their threads have ended");
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Count(IsOfALoop);

    private static bool IsOfALoop(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("refused-", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It has ended since.
            return false;
        }
    }
}
