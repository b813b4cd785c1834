using System.Diagnostics.Metrics;
using LivenessEngine;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
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
        services.AddOptions<ServiceGroupOptions>().Configure(configure ?? (static _ => { }));
        services.TryAddSingleton(static provider =>
        {
            ServiceGroupOptions options = provider.GetRequiredService<IOptions<ServiceGroupOptions>>().Value;
            options.MeterFactory ??= provider.GetService<IMeterFactory>();
            if (options.TimeProvider == TimeProvider.System && provider.GetService<TimeProvider>() is { } time)
            {
                options.TimeProvider = time;
            }

            return new ServiceGroup(options, provider.GetService<ILogger<ServiceGroup>>());
        });
        return services;
    }
}
