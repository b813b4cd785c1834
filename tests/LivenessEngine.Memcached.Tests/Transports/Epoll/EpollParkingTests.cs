using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Epoll;

public sealed class EpollParkingTests() : LoopParkingTests(MemcachedTransport.Epoll);
