using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LivenessEngine;

/// <summary>
/// Tells whether the engine itself keeps time: healthy while its tick comes, degraded when it is a second late or a server
/// of it does not take or does not serve its clients, unhealthy when it is late by a whole service down time or the engine
/// has stopped. How many members are up, suspect and down in each group stands in the data; a dead member does not make the
/// engine ill.
/// </summary>
public sealed class ServiceGroupHealthCheck : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly ServiceGroup _serviceGroup;

    /// <param name="serviceGroup">The engine to look at.</param>
    public ServiceGroupHealthCheck(ServiceGroup serviceGroup)
    {
        ArgumentNullException.ThrowIfNull(serviceGroup);
        _serviceGroup = serviceGroup;
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        HealthStatus failure = context.Registration?.FailureStatus ?? HealthStatus.Unhealthy;
        TimeSpan late;
        bool isHeard;
        var data = new Dictionary<string, object>();
        try
        {
            _serviceGroup.ThrowIfDisposed();
            (TimeSpan sinceLastTick, TimeSpan tick, isHeard) = _serviceGroup.Timing;
            late = sinceLastTick - tick;
            foreach (string group in _serviceGroup.Groups)
            {
                IReadOnlyList<MemberStatus> members = await _serviceGroup.MembersAsync(group, cancellationToken).ConfigureAwait(false);
                data[$"{group}.up"] = members.Count(member => member.State == MemberState.Up);
                data[$"{group}.suspect"] = members.Count(member => member.State == MemberState.Suspect);
                data[$"{group}.down"] = members.Count(member => member.State == MemberState.Down);
            }
        }
        catch (ObjectDisposedException)
        {
            return new HealthCheckResult(failure, "The liveness engine has stopped.");
        }
        catch (HeartbeatStoreException fault)
        {
            return new HealthCheckResult(failure, fault.Message, fault);
        }

        data["tick.late_seconds"] = Math.Max(late.TotalSeconds, 0);
        return late > _serviceGroup.ServiceDownTime ? new HealthCheckResult(failure, $"The liveness engine's tick is {late} late.", null, data)
            : late > Late ? HealthCheckResult.Degraded($"The liveness engine's tick is {late} late.", null, data)
            : !isHeard ? HealthCheckResult.Degraded("The liveness engine cannot hear its clients: no time counts against them.", null, data)
            : HealthCheckResult.Healthy("The liveness engine keeps time.", data);
    }
}
