using LivenessEngine.Memcached.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Client;

/// <summary>Stores over servers of a test.</summary>
internal static class Stores
{
    public static MemcachedStore Of(params string[] servers) => With(_ => { }, servers);

    public static MemcachedStore With(Action<MemcachedOptions> change, params string[] servers) => With(change, null, null, servers);

    public static MemcachedStore With(Action<MemcachedOptions> change, TimeProvider? time, ILogger? logger, params string[] servers)
    {
        MemcachedOptions options = Options(servers);
        change(options);
        return new MemcachedStore(options, new ServiceGroupOptions { TimeProvider = time ?? TimeProvider.System }.Validated(), logger ?? NullLogger.Instance);
    }

    public static MemcachedOptions Options(params string[] servers)
    {
        var options = new MemcachedOptions();
        foreach (string server in servers)
        {
            options.Servers.Add(server);
        }

        return options;
    }

    public static MemberName[] Members(int count, string group = "compute")
        => [.. Enumerable.Range(0, count).Select(i => new MemberName($"node{i}", group))];
}
