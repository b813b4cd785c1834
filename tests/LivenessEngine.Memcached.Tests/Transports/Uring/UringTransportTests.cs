using LivenessEngine.Memcached.Tests.Transports.Loops;

namespace LivenessEngine.Memcached.Tests.Transports.Uring;

/// <summary>What every transport with loops withstands.</summary>
public sealed class UringTransportTests() : LoopTransportTests(MemcachedTransport.IoUring, mostBuffers: 3);
