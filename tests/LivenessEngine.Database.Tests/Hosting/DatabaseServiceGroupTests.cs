using LivenessEngine.Database.Services;
using LivenessEngine.Database.Tests.Servers;
using LivenessEngine.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LivenessEngine.Database.Tests.Hosting;

/// <summary>AddNovaServiceGroup with AddDatabaseServiceGroup: the database that nova.conf names.</summary>
public sealed class DatabaseServiceGroupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> All => Databases.All;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(All))]
    public async Task AHeartbeatGoesToTheDatabase(string kind)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(kind);

        // As oslo.config has it: a dollar sign stands for another option's value.
        await using ServiceProvider provider = Provider($"report_interval = 2\n[database]\nconnection = {database.Url.Replace("$", "$$", StringComparison.Ordinal)}\n");
        var group = provider.GetRequiredService<ServiceGroup>();
        Assert.IsType<ServicesTableStore>(group.Store);
        Assert.Equal(TimeSpan.FromSeconds(2), group.ReportInterval);

        await group.HeartbeatAsync("node1", "compute", TestContext.Current.CancellationToken);

        Assert.True(await group.IsUpAsync("node1", "compute", TestContext.Current.CancellationToken));
        Assert.Equal(1, await database.CountOfAsync("node1"));
    }

    [Fact]
    public void WhatIsWrongIsNamedWithItsPlaceAndNotShown()
    {
        using ServiceProvider provider = Provider("[database]\nconnection = postgresql://u:s3cret@part@h/nova\n");

        var fault = Assert.Throws<ServiceGroupConfigurationException>(provider.GetRequiredService<ServiceGroup>);

        Assert.StartsWith($"{_folder["nova.conf"]}:3: [database] connection: The database URL is not right: ", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", fault.ToString(), StringComparison.Ordinal);
    }

    private ServiceProvider Provider(string lines)
    {
        File.WriteAllText(_folder["nova.conf"], $"[DEFAULT]\n{lines}");
        return new ServiceCollection()
            .AddDatabaseServiceGroup()
            .AddNovaServiceGroup(new ConfigurationBuilder().AddNovaConfigFile(_folder["nova.conf"]).Build())
            .BuildServiceProvider();
    }
}
