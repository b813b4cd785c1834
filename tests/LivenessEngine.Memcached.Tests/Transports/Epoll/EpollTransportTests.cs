using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Epoll;

/// <summary>What every transport with loops withstands.</summary>
public sealed class EpollTransportTests() : LoopTransportTests(MemcachedTransport.Epoll, mostBuffers: 2);
