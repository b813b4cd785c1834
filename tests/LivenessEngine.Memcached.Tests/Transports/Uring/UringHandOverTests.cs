using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Uring;

/// <summary>Clients go from one server with loops to the next.</summary>
public sealed class UringHandOverTests() : LoopHandOverTests(MemcachedTransport.IoUring);
