using System.Net;
using LivenessEngine.Memcached.Transports;
using LivenessEngine.Memcached.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

public sealed class LoopSetTests
{
    [Fact]
    public void Where_a_later_loop_is_refused_none_is_left_and_the_error_says_which()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has such loops");
        var made = new List<QuietLoop>();

        var error = Assert.Throws<IOException>(() => new LoopSet(MemcachedTransport.IoUring, 4, name =>
        {
            made.Add(made.Count < 2 ? new QuietLoop(name) : throw new IOException("io_uring_setup: Cannot allocate memory"));
            return made[^1];
        }));

        Assert.Equal("io_uring, event loop 3 of 4: io_uring_setup: Cannot allocate memory", error.Message);
        Assert.Equal([true, true], made.Select(loop => loop.IsClosed));
    }

    // One that nothing comes to.
    private sealed class QuietLoop : EventLoop
    {
        public QuietLoop(string name)
            : base(name) => Start();

        public bool IsClosed { get; private set; }

        public override int BuffersTaken => 0;

        public override ILoopWork Connect(int descriptor, EndPoint? local, Func<TransportConnection, Task> serve) => throw new NotSupportedException();

        protected override LoopPipe NewPipe() => throw new NotSupportedException();

        protected override void Watch(int descriptor, uint flags, int number)
        {
        }

        protected override void Unwatch(int descriptor, int number)
        {
        }

        protected override void Wait(int milliseconds) => Thread.Sleep(1);

        protected override void Close() => IsClosed = true;
    }
}
