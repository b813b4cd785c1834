using System.Diagnostics.Metrics;
using LivenessEngine;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the embedded engine.</summary>
public static class ServiceGroupServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="ServiceGroup"/> for the whole application, with the application's logger, meters and
    /// <see cref="TimeProvider"/> where these are registered. It starts when it is first asked for.
    /// </summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The same collection.</returns>
    public static IServiceCollection AddServiceGroup(
        this IServiceCollection services, Action<ServiceGroupOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddServiceGroup(configure, static (provider, options) => new ServiceGroup(options, provider.GetService<ILogger<ServiceGroup>>()));
    }

    /// <summary>
    /// Adds one <see cref="ServiceGroup"/> for the whole application as Nova's options ask for it:
    /// <c>DEFAULT:servicegroup_driver</c>, <c>memcached_servers</c>, <c>service_down_time</c>, <c>report_interval</c>,
    /// <c>cache:*</c> and <c>database:connection</c>. Drivers other than the table of this process come with their packages.
    /// </summary>
    /// <param name="services">The collection to add to.</param>
    /// <param name="configuration">Where the options are, such as a nova.conf that was added to it.</param>
    /// <param name="configure">Sets what Nova has no option for; null for the defaults.</param>
    /// <returns>The same collection.</returns>
    /// <exception cref="ServiceGroupConfigurationException">
    /// An option is wrong; the message names it and what is allowed. Thrown when the service group is first asked for.
    /// </exception>
    public static IServiceCollection AddNovaServiceGroup(
        this IServiceCollection services, IConfiguration configuration, Action<ServiceGroupOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddServiceGroup(configure, (provider, options) => new ServiceGroupFactory(provider.GetServices<IHeartbeatStoreFactory>())
            .Create(configuration, options, provider.GetService<ILogger<ServiceGroup>>() ?? NullLogger<ServiceGroup>.Instance));
    }

    private static IServiceCollection AddServiceGroup(
        this IServiceCollection services,
        Action<ServiceGroupOptions>? configure,
        Func<IServiceProvider, ServiceGroupOptions, ServiceGroup> create)
    {
        services.AddOptions<ServiceGroupOptions>().Configure(configure ?? (static _ => { }));
        services.TryAddSingleton(provider =>
        {
            ServiceGroupOptions options = provider.GetRequiredService<IOptions<ServiceGroupOptions>>().Value;
            options.MeterFactory ??= provider.GetService<IMeterFactory>();
            if (options.TimeProvider == TimeProvider.System && provider.GetService<TimeProvider>() is { } time)
            {
                options.TimeProvider = time;
            }

            return create(provider, options);
        });
        return services;
    }
}
