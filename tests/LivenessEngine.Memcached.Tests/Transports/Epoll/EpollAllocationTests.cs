using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Epoll;

/// <summary>What no transport with loops allocates.</summary>
public sealed class EpollAllocationTests() : LoopAllocationTests(MemcachedTransport.Epoll);
