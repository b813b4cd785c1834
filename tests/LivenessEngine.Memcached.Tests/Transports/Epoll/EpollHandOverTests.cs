using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Epoll;

/// <summary>Clients go from one server with loops to the next.</summary>
public sealed class EpollHandOverTests() : LoopHandOverTests(MemcachedTransport.Epoll);
