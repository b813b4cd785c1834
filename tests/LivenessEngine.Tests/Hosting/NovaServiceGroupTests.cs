using LivenessEngine.Configuration;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Testing;
using LivenessEngine.Tests.ServiceGroups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Tests.Hosting;

/// <summary>What AddNovaServiceGroup makes of Nova's three options.</summary>
public sealed class NovaServiceGroupTests : IDisposable
{
    private const string Mc = "[DEFAULT]\nservicegroup_driver = mc\n";
    private const string Servers = "memcached_servers = a:1\n";
    private const string Database = "[database]\nconnection = sqlite:////nowhere\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "db")]
    [InlineData(Database, "db")]
    [InlineData("[DEFAULT]\nservicegroup_driver = db\n" + Servers, "db")]
    [InlineData(Mc, null)]
    [InlineData(Mc + "memcached_servers = <None>\n" + Database, null)]
    [InlineData(Mc + Servers, "mc")]
    [InlineData(Mc + "[cache]\nenabled = true\nbackend = dogpile.cache.pymemcache\n", "mc")]
    [InlineData(Mc + Servers + Database, "mc and db")]
    public async Task The_options_choose_the_driver(string file, string? store)
    {
        await using ServiceProvider provider = Services(file)
            .AddSingleton<IHeartbeatStoreFactory>(new Factory(ServiceGroupDriver.Memcached, "mc"))
            .AddSingleton<IHeartbeatStoreFactory>(new Factory(ServiceGroupDriver.Database, "db"))
            .BuildServiceProvider();
        var group = provider.GetRequiredService<ServiceGroup>();
        Assert.Equal(store, group.Store?.Name);
        Assert.Equal(store is null, group.IsInProcess);
        Assert.Same(group, provider.GetRequiredService<ServiceGroup>());
    }

    [Theory]
    [InlineData("", "LivenessEngine.Database", "AddDatabaseServiceGroup()")]
    [InlineData(Mc + Servers, "LivenessEngine.Memcached", "AddMemcachedServiceGroup()")]
    public void A_package_that_is_missing_is_named(string file, string package, string call)
    {
        using ServiceProvider provider = Services(file).BuildServiceProvider();
        string message = Assert.Throws<ServiceGroupConfigurationException>(provider.GetRequiredService<ServiceGroup>).Message;
        Assert.Contains(package, message, StringComparison.Ordinal);
        Assert.Contains(call, message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_fallbacks_package_is_missed_too()
    {
        using ServiceProvider provider = Services(Mc + Servers + Database)
            .AddSingleton<IHeartbeatStoreFactory>(new Factory(ServiceGroupDriver.Memcached, "mc"))
            .BuildServiceProvider();
        Assert.Contains("AddDatabaseServiceGroup()", Assert.Throws<ServiceGroupConfigurationException>(provider.GetRequiredService<ServiceGroup>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_are_Novas_and_the_rest_is_the_applications()
    {
        await using ServiceProvider provider = Services(
            Mc + "service_down_time = 7\nreport_interval = 2\n",
            options =>
            {
                options.Tick = TimeSpan.FromMilliseconds(20);
                options.ServiceDownTime = TimeSpan.FromHours(1);
            }).BuildServiceProvider();
        var group = provider.GetRequiredService<ServiceGroup>();
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(2)), (group.ServiceDownTime, group.ReportInterval));
        Assert.Equal(TimeSpan.FromMilliseconds(20), group.Engine.Options.Tick);
        group.Heartbeat("node1", "compute");
        Assert.True(await group.IsUpAsync("node1", "compute", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_is_wrong_is_named_when_it_starts()
    {
        using ServiceProvider provider = Services(Mc + "service_down_time = soon\n").BuildServiceProvider();
        Assert.StartsWith(
            $"{_folder["nova.conf"]}:3: [DEFAULT] service_down_time is 'soon'; allowed is ",
            Assert.Throws<ServiceGroupConfigurationException>(provider.GetRequiredService<ServiceGroup>).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_sources_may_override_the_file()
    {
        File.WriteAllText(_folder["nova.conf"], Mc + "service_down_time = 7\n");
        var configuration = new ConfigurationManager();
        configuration.AddNovaConfigFile(_folder["nova.conf"]).AddInMemoryCollection([new("DEFAULT:service_down_time", "90")]);
        await using ServiceProvider provider = new ServiceCollection().AddNovaServiceGroup(configuration).BuildServiceProvider();
        Assert.Equal(TimeSpan.FromSeconds(90), provider.GetRequiredService<ServiceGroup>().ServiceDownTime);
    }

    [Fact]
    public void Nothing_may_be_missing()
    {
        Assert.Throws<ArgumentNullException>("configuration", () => new ServiceCollection().AddNovaServiceGroup(null!));
        Assert.Throws<ArgumentNullException>("builder", () => NovaConfigurationBuilderExtensions.AddNovaConfigFile(null!, "nova.conf"));
        Assert.Throws<ArgumentException>("path", () => new ConfigurationBuilder().AddNovaConfigFile(""));
    }

    private IServiceCollection Services(string file, Action<ServiceGroupOptions>? configure = null)
    {
        File.WriteAllText(_folder["nova.conf"], file);
        return new ServiceCollection().AddNovaServiceGroup(new ConfigurationBuilder().AddNovaConfigFile(_folder["nova.conf"]).Build(), configure);
    }

    private sealed class Factory(ServiceGroupDriver driver, string name) : IHeartbeatStoreFactory
    {
        public ServiceGroupDriver Driver => driver;

        public IHeartbeatStore Create(ServiceGroupConfiguration configuration, ServiceGroupOptions options, ILogger logger) => new FakeStore(name, options.TimeProvider);
    }
}
