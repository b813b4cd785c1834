using System.Diagnostics.Metrics;
using LivenessEngine.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Tests.Hosting;

public sealed class ServiceGroupServiceCollectionExtensionsTests
{
    [Fact]
    public async Task There_is_one_for_the_whole_application()
    {
        await using ServiceProvider provider = new ServiceCollection().AddServiceGroup().BuildServiceProvider();
        var group = provider.GetRequiredService<ServiceGroup>();
        Assert.Same(group, provider.GetRequiredService<ServiceGroup>());
        await using AsyncServiceScope scope = provider.CreateAsyncScope();
        Assert.Same(group, scope.ServiceProvider.GetRequiredService<ServiceGroup>());
        Assert.Equal(TimeSpan.FromSeconds(60), group.ServiceDownTime);
    }

    [Fact]
    public async Task Options_may_be_configured_and_more_than_once()
    {
        await using ServiceProvider provider = new ServiceCollection()
            .AddServiceGroup(options => options.ServiceDownTime = TimeSpan.FromSeconds(90))
            .AddServiceGroup(options => options.ReportInterval = TimeSpan.FromSeconds(30))
            .Configure<ServiceGroupOptions>(options => options.Tick = TimeSpan.FromSeconds(1))
            .BuildServiceProvider();
        ServiceGroup group = Assert.Single(provider.GetServices<ServiceGroup>());
        Assert.Equal(TimeSpan.FromSeconds(90), group.ServiceDownTime);
        Assert.Equal(TimeSpan.FromSeconds(30), group.ReportInterval);
        Assert.Equal(TimeSpan.FromSeconds(1), group.Engine.Options.Tick);
    }

    [Fact]
    public void An_option_out_of_range_is_refused_when_it_starts()
    {
        using ServiceProvider provider = new ServiceCollection()
            .AddServiceGroup(options => options.EventBuffer = 0)
            .BuildServiceProvider();
        Assert.Throws<ArgumentOutOfRangeException>(nameof(ServiceGroupOptions.EventBuffer), provider.GetRequiredService<ServiceGroup>);
    }

    [Fact]
    public async Task Time_meters_and_logs_are_the_applications()
    {
        var time = new TestTime();
        var parts = new Parts();
        await using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IMeterFactory>(parts)
            .AddSingleton<ILogger<ServiceGroup>>(parts)
            .AddServiceGroup(options => options.ServiceDownTime = options.ReportInterval)
            .BuildServiceProvider();
        var group = provider.GetRequiredService<ServiceGroup>();
        Assert.Same(time, group.Engine.Options.TimeProvider);
        Assert.Equal([ServiceGroup.MeterName], parts.Meters);
        Assert.Equal(1, parts.Warnings);
    }

    [Fact]
    public async Task What_the_options_name_comes_before_what_is_registered()
    {
        var time = new TestTime();
        await using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<TimeProvider>(new TestTime())
            .AddServiceGroup(options => options.TimeProvider = time)
            .BuildServiceProvider();
        Assert.Same(time, provider.GetRequiredService<ServiceGroup>().Engine.Options.TimeProvider);
    }

    [Fact]
    public async Task It_ends_with_the_application()
    {
        ServiceProvider provider = new ServiceCollection().AddServiceGroup().BuildServiceProvider();
        var group = provider.GetRequiredService<ServiceGroup>();
        await provider.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => group.Heartbeat("node1", "compute"));
    }

    [Fact]
    public void There_have_to_be_services()
        => Assert.Throws<ArgumentNullException>("services", () => ServiceGroupServiceCollectionExtensions.AddServiceGroup(null!));

    private sealed class Parts : IMeterFactory, ILogger<ServiceGroup>
    {
        public List<string> Meters { get; } = [];

        public int Warnings { get; private set; }

        public Meter Create(MeterOptions options)
        {
            Meters.Add(options.Name);
            return new Meter(options);
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Warnings += logLevel == LogLevel.Warning ? 1 : 0;
    }
}
