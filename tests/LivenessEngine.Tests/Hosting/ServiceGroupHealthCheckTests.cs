using LivenessEngine.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LivenessEngine.Tests.Hosting;

public sealed class ServiceGroupHealthCheckTests : IDisposable
{
    private readonly TestTime _time = new();
    private readonly ServiceGroup _group;

    public ServiceGroupHealthCheckTests() => _group = new ServiceGroup(new ServiceGroupOptions { TimeProvider = _time });

    public void Dispose() => _group.Dispose();

    private Task<HealthCheckResult> Check(HealthStatus? failureStatus = null)
    {
        var check = new ServiceGroupHealthCheck(_group);
        return check.CheckHealthAsync(
            new HealthCheckContext { Registration = new HealthCheckRegistration("liveness", check, failureStatus, null) },
            TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0.1, HealthStatus.Healthy)]
    [InlineData(1.1, HealthStatus.Healthy)]
    [InlineData(1.2, HealthStatus.Degraded)]
    [InlineData(60.1, HealthStatus.Degraded)]
    [InlineData(60.2, HealthStatus.Unhealthy)]
    public async Task It_is_as_well_as_its_tick_is_punctual(double secondsSinceTick, HealthStatus expected)
    {
        _group.Engine.Tick();
        _time.Advance(TimeSpan.FromSeconds(secondsSinceTick));
        HealthCheckResult result = await Check();
        Assert.Equal(expected, result.Status);
        Assert.Equal(secondsSinceTick - 0.1, (double)result.Data["tick.late_seconds"], 0.001);
        Assert.Contains(expected == HealthStatus.Healthy ? "keeps time" : "late", result.Description!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_degraded_while_its_clients_cannot_be_heard()
    {
        _group.Engine.Tick();
        _group.Engine.Clock.Suspend();
        HealthCheckResult result = await Check();
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("cannot hear", result.Description!, StringComparison.Ordinal);
        _group.Engine.Clock.Resume();
        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    public async Task Dead_members_do_not_make_it_ill_and_stand_in_the_data()
    {
        _group.Heartbeat("dead", "compute");
        for (int i = 0; i < 610; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _group.Engine.Tick();
        }

        _group.Heartbeat("alive", "compute");
        _group.Heartbeat("a", "volume");
        HealthCheckResult result = await Check();
        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(1, result.Data["compute.up"]);
        Assert.Equal(1, result.Data["compute.down"]);
        Assert.Equal(0, result.Data["compute.suspect"]);
        Assert.Equal(1, result.Data["volume.up"]);
        Assert.Equal(0, result.Data["volume.down"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_engine_that_has_stopped_is_unhealthy_with_or_without_members(bool members)
    {
        if (members)
        {
            _group.Heartbeat("a", "compute");
        }

        await _group.DisposeAsync();
        HealthCheckResult result = await Check();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("The liveness engine has stopped.", result.Description);
    }

    [Fact]
    public async Task A_failure_is_reported_as_the_registration_wants_it()
    {
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(HealthStatus.Degraded, (await Check(HealthStatus.Degraded)).Status);
        await _group.DisposeAsync();
        Assert.Equal(HealthStatus.Degraded, (await Check(HealthStatus.Degraded)).Status);
    }

    [Fact]
    public async Task It_can_be_registered()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>)).AddServiceGroup().AddHealthChecks().AddServiceGroup().AddServiceGroup("second", HealthStatus.Degraded, ["tag"]);
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthCheckRegistration[] registrations = [.. provider.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations];
        Assert.Equal(["liveness", "second"], registrations.Select(registration => registration.Name));
        Assert.Equal([HealthStatus.Unhealthy, HealthStatus.Degraded], registrations.Select(registration => registration.FailureStatus));
        Assert.Equal(["tag"], registrations[1].Tags);
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Healthy, report.Entries["liveness"].Status);
    }

    [Fact]
    public void There_has_to_be_an_engine_and_a_builder()
    {
        Assert.Throws<ArgumentNullException>("serviceGroup", () => new ServiceGroupHealthCheck(null!));
        Assert.Throws<ArgumentNullException>("builder", () => ServiceGroupHealthChecksBuilderExtensions.AddServiceGroup(null!));
    }
}
