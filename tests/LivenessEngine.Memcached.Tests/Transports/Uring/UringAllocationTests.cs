using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Uring;

/// <summary>What no transport with loops allocates.</summary>
public sealed class UringAllocationTests() : LoopAllocationTests(MemcachedTransport.IoUring);
