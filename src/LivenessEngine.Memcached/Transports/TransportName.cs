namespace LivenessEngine.Memcached.Transports;

/// <summary>What a transport is called on the command line and in statistics.</summary>
internal static class TransportName
{
    public static string Of(MemcachedTransport transport) => transport switch
    {
        MemcachedTransport.Sockets => "sockets",
        MemcachedTransport.IoUring => "io_uring",
        _ => "epoll",
    };
}
