using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Uring;

public sealed class UringParkingTests() : LoopParkingTests(MemcachedTransport.IoUring);
