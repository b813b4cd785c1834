namespace LivenessEngine.Memcached;

/// <summary>How a <see cref="MemcachedServer"/> gets bytes from its clients and to them.</summary>
public enum MemcachedTransport
{
    /// <summary><see cref="Epoll"/> on Linux, and <see cref="Sockets"/> elsewhere.</summary>
    Auto = 0,

    /// <summary>
    /// Linux only: threads of the server's own (<see cref="MemcachedServerOptions.Threads"/>), each of which serves its share
    /// of the connections.
    /// </summary>
    Epoll = 1,

    /// <summary>The runtime's sockets, on every system.</summary>
    Sockets = 2,

    /// <summary>Linux only: as <see cref="Epoll"/>, by io_uring.</summary>
    IoUring = 3,
}
