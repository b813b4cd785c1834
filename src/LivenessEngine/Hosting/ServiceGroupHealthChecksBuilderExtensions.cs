using LivenessEngine;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the engine's health check.</summary>
public static class ServiceGroupHealthChecksBuilderExtensions
{
    /// <summary>Adds a <see cref="ServiceGroupHealthCheck"/> of the application's <see cref="ServiceGroup"/>.</summary>
    /// <param name="builder">The builder to add to.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">Tags to select the check by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddServiceGroup(
        this IHealthChecksBuilder builder,
        string name = "liveness",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            static provider => new ServiceGroupHealthCheck(provider.GetRequiredService<ServiceGroup>()),
            failureStatus,
            tags));
    }
}
