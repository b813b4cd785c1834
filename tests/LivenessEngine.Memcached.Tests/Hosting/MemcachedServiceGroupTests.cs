using LivenessEngine.Memcached.Client;
using LivenessEngine.Memcached.Tests.Client;
using LivenessEngine.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LivenessEngine.Memcached.Tests.Hosting;

/// <summary>AddNovaServiceGroup with AddMemcachedServiceGroup: the servers that nova.conf names.</summary>
public sealed class MemcachedServiceGroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_heartbeat_goes_to_the_servers()
    {
        await using var engine = new ServiceGroup();
        await using MemcachedServer server = OurServer.Start(engine);
        await using ServiceProvider provider = Provider($"memcached_servers = {server.EndPoints[0]}\nservice_down_time = 70\n");
        var group = provider.GetRequiredService<ServiceGroup>();
        Assert.IsType<MemcachedStore>(group.Store);
        Assert.Equal($"memcached at {server.EndPoints[0]}", group.Store.Name);
        Assert.Equal(TimeSpan.FromSeconds(70), group.ServiceDownTime);
        await group.HeartbeatAsync("node1", "compute", TestContext.Current.CancellationToken);
        Assert.True(await group.IsUpAsync("node1", "compute", TestContext.Current.CancellationToken));
        Assert.False(await group.IsUpAsync("node2", "compute", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("memcached_servers = a:port\n", "nova.conf:3: [DEFAULT] memcached_servers: ")]
    [InlineData("[cache]\nenabled = 1\nbackend = dogpile.cache.bmemcached\nmemcache_servers = a:1,b:1\n", "nova.conf:6: [cache] memcache_servers: several servers, and [cache] backend is 'dogpile.cache.bmemcached'")]
    public void What_is_wrong_is_named_with_its_place(string lines, string expected)
    {
        using ServiceProvider provider = Provider(lines);
        string message = Assert.Throws<ServiceGroupConfigurationException>(provider.GetRequiredService<ServiceGroup>).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private ServiceProvider Provider(string lines)
    {
        File.WriteAllText(_folder["nova.conf"], $"[DEFAULT]\nservicegroup_driver = mc\n{lines}");
        return new ServiceCollection()
            .AddNovaServiceGroup(new ConfigurationBuilder().AddNovaConfigFile(_folder["nova.conf"]).Build())
            .AddMemcachedServiceGroup()
            .BuildServiceProvider();
    }
}
