namespace LivenessEngine.Memcached;

/// <summary>How a <see cref="MemcachedServer"/> gets bytes from its clients and to them.</summary>
public enum MemcachedTransport
{
    /// <summary>
    /// The fastest that the system has: <see cref="IoUring"/> where Linux allows it, <see cref="Epoll"/> on any other Linux,
    /// and <see cref="Sockets"/> elsewhere.
    /// </summary>
    Auto = 0,

    /// <summary>
    /// Linux only: threads of the server's own (<see cref="MemcachedServerOptions.Threads"/>), each of which serves its share
    /// of the connections.
    /// </summary>
    Epoll = 1,

    /// <summary>The runtime's sockets, on every system.</summary>
    Sockets = 2,

    /// <summary>Linux 6.1 and later, where io_uring is not forbidden: as <see cref="Epoll"/>, with fewer calls of the system.</summary>
    IoUring = 3,
}
