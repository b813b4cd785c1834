namespace LivenessEngine.Memcached.Tests.Client;

public sealed class MemcachedOptionsTests
{
    [Fact]
    public void The_defaults_are_those_of_novas_client()
    {
        var options = new MemcachedOptions();
        Assert.Equal(MemcachedPlacement.Crc32, options.Placement);
        Assert.Equal(MemcachedKeyForm.Sha1, options.KeyForm);
        Assert.Equal(MemcachedValueForm.Nova, options.ValueForm);
        Assert.Equal(TimeSpan.FromSeconds(1), options.SocketTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.DeadRetry);
        Assert.Equal(10, options.PoolSize);
    }

    [Fact]
    public void Servers_are_taken_in_every_spelling_and_in_order()
        => Assert.Equal(
            ["127.0.0.1:11211", "[::1]:5", "cache:11211", "unix:/run/memcached.sock"],
            Stores.Options("127.0.0.1", "[::1]:5", "cache", "unix:/run/memcached.sock").Validate().Select(node => node.ToString()));

    [Theory]
    [InlineData("no address", "'no address'")]
    [InlineData("host:0x", "'host:0x'")]
    [InlineData("", "''")]
    public void An_address_that_is_none_is_named(string server, string named)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Stores.Options("127.0.0.1", server).Validate());
        Assert.StartsWith("Servers: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        Assert.Contains("allowed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_must_be_servers_and_none_twice()
    {
        Assert.Contains("Servers has 0; allowed is", Assert.Throws<ArgumentException>(() => Stores.Options().Validate()).Message, StringComparison.Ordinal);
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Stores.Options("host", "other", "host:11211").Validate());
        Assert.Contains("'host:11211' twice", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_else_has_its_bounds()
    {
        Check(options => options.SocketTimeout = TimeSpan.Zero, nameof(MemcachedOptions.SocketTimeout));
        Check(options => options.SocketTimeout = TimeSpan.FromHours(2), nameof(MemcachedOptions.SocketTimeout));
        Check(options => options.DeadRetry = TimeSpan.FromTicks(-1), nameof(MemcachedOptions.DeadRetry));
        Check(options => options.DeadRetry = TimeSpan.FromDays(2), nameof(MemcachedOptions.DeadRetry));
        Check(options => options.PoolSize = 0, nameof(MemcachedOptions.PoolSize));
        Check(options => options.PoolSize = 1025, nameof(MemcachedOptions.PoolSize));
        Check(options => options.Placement = (MemcachedPlacement)9, nameof(MemcachedOptions.Placement));
        Check(options => options.KeyForm = (MemcachedKeyForm)9, nameof(MemcachedOptions.KeyForm));
        Check(options => options.ValueForm = (MemcachedValueForm)9, nameof(MemcachedOptions.ValueForm));
    }

    private static void Check(Action<MemcachedOptions> change, string option)
    {
        MemcachedOptions options = Stores.Options("127.0.0.1");
        change(options);
        ArgumentOutOfRangeException fault = Assert.Throws<ArgumentOutOfRangeException>(options.Validate);
        Assert.Equal(option, fault.ParamName);
        Assert.Contains("allowed", fault.Message, StringComparison.Ordinal);
    }
}
