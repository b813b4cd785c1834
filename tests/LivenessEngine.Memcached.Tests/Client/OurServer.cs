using System.Net;

namespace LivenessEngine.Memcached.Tests.Client;

/// <summary>Our own server, on a free port of the loopback interface.</summary>
internal static class OurServer
{
    public static MemcachedServer Start(ServiceGroup group)
    {
        var options = new MemcachedServerOptions();
        options.Listeners.Add(new IPEndPoint(IPAddress.Loopback, 0));
        var server = new MemcachedServer(group, options);
        server.Start();
        return server;
    }
}
