using LivenessEngine.Configuration;
using LivenessEngine.Testing;
using Microsoft.Extensions.Configuration;

namespace LivenessEngine.Tests.Configuration;

public sealed class ServiceGroupConfigurationTests : IDisposable
{
    private const string Mc = "[DEFAULT]\nservicegroup_driver = mc\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string PathOf(string name) => _folder[name];

    private ServiceGroupConfiguration Read(params string[] files)
    {
        var builder = new ConfigurationBuilder();
        for (int i = 0; i < files.Length; i++)
        {
            File.WriteAllText(PathOf($"nova{i}.conf"), files[i]);
            builder.AddNovaConfigFile(PathOf($"nova{i}.conf"));
        }

        return ServiceGroupConfiguration.Read(builder.Build());
    }

    private string Refusal(string file) => Assert.Throws<ServiceGroupConfigurationException>(() => Read(file)).Message;

    [Fact]
    public void Without_options_it_is_what_Nova_does()
    {
        ServiceGroupConfiguration read = Read("");
        Assert.Equal(new ServiceGroupConfiguration(ServiceGroupDriver.Database, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10), null, null), read);
    }

    [Fact]
    public void The_lines_of_the_manual()
    {
        ServiceGroupConfiguration read = Read("""
            [DEFAULT]
            # Driver for the ServiceGroup service
            servicegroup_driver = "mc"
            memcached_servers = <None>
            service_down_time = 60
            """);
        Assert.Equal(ServiceGroupDriver.Memcached, read.Driver);
        Assert.Null(read.Memcached);
    }

    [Fact]
    public void Servers_by_the_old_name()
    {
        ServiceGroupConfiguration read = Read("[DEFAULT]\nservicegroup_driver = mc\nmemcached_servers = a:1, [::1]:2,unix:/s\nreport_interval=5");
        Assert.Equal(["a:1", "[::1]:2", "unix:/s"], read.Memcached!.Servers);
        Assert.Equal("dogpile.cache.memcached", read.Memcached.Backend);
        Assert.Equal(TimeSpan.FromSeconds(5), read.ReportInterval);
    }

    [Fact]
    public void Servers_by_todays_names()
    {
        MemcachedConfiguration read = Read("""
            [DEFAULT]
            servicegroup_driver = mc
            memcached_servers = ignored:1
            [cache]
            enabled = Yes
            backend = dogpile.cache.pymemcache
            memcache_servers = inet6:[::1]:2,inet6[fe80::1]:3,inet:host:4
            memcache_socket_timeout = 0.5
            memcache_dead_retry = 3
            memcache_pool_maxsize = 4
            """).Memcached!;
        Assert.Equal(["[::1]:2", "[fe80::1]:3", "host:4"], read.Servers);
        Assert.Equal("dogpile.cache.pymemcache", read.Backend);
        Assert.Equal(TimeSpan.FromSeconds(0.5), read.SocketTimeout);
        Assert.Equal(TimeSpan.FromSeconds(3), read.DeadRetry);
        Assert.Equal(4, read.PoolSize);
    }

    [Theory]
    [InlineData("[cache]\nenabled = true\nbackend = oslo_cache.dict")]
    [InlineData("[cache]\nenabled = false\nmemcache_servers = a:1")]
    [InlineData("[cache]\nenabled = true\nbackend=dogpile.cache.memcached\nmemcache_servers =")]
    [InlineData("[DEFAULT]\nmemcached_servers =")]
    public void In_process_caching(string file) => Assert.Null(Read($"{Mc}{file}").Memcached);

    [Theory]
    [InlineData("dogpile.cache.redis")]
    [InlineData("oslo_cache.memcache_pool")]
    public void The_cache_is_no_matter_for_the_database(string backend)
        => Assert.Null(Read($"[cache]\nenabled = true\nbackend = {backend}").Memcached);

    [Fact]
    public void The_default_server_of_oslo_cache()
        => Assert.Equal(["localhost:11211"], Read($"{Mc}[cache]\nenabled = true\nbackend = oslo_cache.memcache_pool").Memcached!.Servers);

    [Theory]
    [InlineData("connection = sqlite:///$file", "sqlite:///x.db")]
    [InlineData("connection = sqlite:///${file}y", "sqlite:///x.dby")]
    [InlineData("connection = sqlite:///${DEFAULT.file}", "sqlite:///x.db")]
    [InlineData("connection = $own\nown = o", "o")]
    [InlineData("connection = a$$b\\$c$1", "a$b$c$1")]
    [InlineData("connection = $FILE", "x.db")]
    public void Options_stand_for_others(string line, string expected)
        => Assert.Equal(expected, Read($"[DEFAULT]\nfile = x.db\nown = no\n[database]\n{line}").DatabaseUrl);

    [Fact]
    public void A_later_file_counts_before_an_earlier_one()
        => Assert.Equal(TimeSpan.FromSeconds(7), Read("[DEFAULT]\nservice_down_time = 5\n", "[DEFAULT]\nservice_down_time = 6\nservice_down_time = 7").ServiceDownTime);

    [Theory]
    [InlineData("[DEFAULT]\nservicegroup_driver = zk", "nova0.conf:2: [DEFAULT] servicegroup_driver is 'zk'; allowed is db, mc.")]
    [InlineData("[DEFAULT]\nservice_down_time = x", "nova0.conf:2: [DEFAULT] service_down_time is 'x'; allowed is a whole number from 1 to 31536000.")]
    [InlineData("[DEFAULT]\n\nreport_interval = 0", "nova0.conf:3: [DEFAULT] report_interval is '0'; allowed is a whole number from 1 to 86400.")]
    [InlineData(Mc + "memcached_servers = a,<None>", "nova0.conf:3: [DEFAULT] memcached_servers is 'a,<None>'; allowed is either <None> or servers with commas between.")]
    [InlineData(Mc + "[cache]\nenabled = maybe", "nova0.conf:4: [cache] enabled is 'maybe'; allowed is true or false")]
    [InlineData(Mc + "[cache]\nenabled = 1\nbackend = oslo_cache.mongo", "nova0.conf:5: [cache] backend is 'oslo_cache.mongo'; allowed is oslo_cache.memcache_pool, ")]
    [InlineData(Mc + "[cache]\nenabled = 1\nbackend=dogpile.cache.memcached\nmemcache_socket_timeout = -1", "nova0.conf:6: [cache] memcache_socket_timeout is '-1'; allowed is a number from 0.001 to 3600.")]
    [InlineData("[database]\nconnection = $no", "nova0.conf:2: [database] connection stands for an option that is not set; a dollar sign itself is written '$$'.")]
    [InlineData("[database]\nconnection = $a\na = $connection", "nova0.conf:2: [database] connection stands for itself")]
    public void What_is_wrong_is_named(string file, string expected)
    {
        string message = Refusal(file);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.StartsWith(_folder.Path, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://u:pa$s3cret@h/nova")]
    [InlineData("mysql://u:s3cret@h/$connection")]
    public void A_password_with_a_dollar_sign_is_not_shown(string url)
        => Assert.DoesNotContain("s3cret", Refusal($"[database]\nconnection = {url}"), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string path = PathOf("missing.conf");
        Assert.Contains(path, Assert.Throws<ServiceGroupConfigurationException>(() => new ConfigurationBuilder().AddNovaConfigFile(path).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_options_from_anywhere()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["DEFAULT:servicegroup_driver"] = "mc", ["DEFAULT:service_down_time"] = "no" })
            .Build();
        string message = Assert.Throws<ServiceGroupConfigurationException>(() => ServiceGroupConfiguration.Read(configuration)).Message;
        Assert.Contains("[DEFAULT] service_down_time is 'no'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_as_an_array()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["DEFAULT:servicegroup_driver"] = "mc",
                ["DEFAULT:memcached_servers:0"] = "a:1",
                ["DEFAULT:memcached_servers:1"] = "[::1]:2",
            })
            .Build();
        Assert.Equal(["a:1", "[::1]:2"], ServiceGroupConfiguration.Read(configuration).Memcached!.Servers);
    }
}
