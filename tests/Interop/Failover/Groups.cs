using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LivenessEngine.Interop.Failover;

/// <summary>Service groups as a nova.conf asks for them: driver mc, with a database besides.</summary>
internal sealed class Groups : IAsyncDisposable
{
    private readonly IConfiguration _configuration;
    private readonly IHeartbeatStoreFactory[] _places;
    private readonly List<ServiceGroup> _groups = [];

    public Groups(TemporaryFolder folder, string memcached, string database, TimeSpan serviceDownTime, TimeSpan reportInterval)
    {
        string file = folder["nova.conf"];
        File.WriteAllText(file, $"""
            [DEFAULT]
            servicegroup_driver = mc
            service_down_time = {serviceDownTime.TotalSeconds}
            report_interval = {reportInterval.TotalSeconds}

            [cache]
            enabled = true
            backend = oslo_cache.memcache_pool
            memcache_servers = {memcached}

            [database]
            connection = {database}

            """);
        _configuration = new ConfigurationBuilder().AddNovaConfigFile(file).Build();
        using ServiceProvider provider = new ServiceCollection().AddMemcachedServiceGroup().AddDatabaseServiceGroup().BuildServiceProvider();
        _places = [.. provider.GetServices<IHeartbeatStoreFactory>()];
    }

    /// <summary>One as a process of its own has it, with what it logs.</summary>
    /// <param name="crowd">Who is told which heartbeats are taken; null for nobody.</param>
    public (ServiceGroup Group, ListLogger Log) Create(Crowd? crowd = null)
    {
        IEnumerable<IHeartbeatStoreFactory> places = crowd is null ? _places : _places.Select(place => new RecordingStoreFactory(place, crowd));
        var log = new ListLogger();
        ServiceGroup group = new ServiceGroupFactory(places).Create(_configuration, new ServiceGroupOptions(), log);
        _groups.Add(group);
        return (group, log);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_groups.Select(group => group.DisposeAsync().AsTask()));
}
