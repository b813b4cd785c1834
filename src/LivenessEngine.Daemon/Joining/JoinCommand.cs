using LivenessEngine.Daemon.CommandLine;

namespace LivenessEngine.Daemon.Joining;

/// <summary>
/// liveness join: a heartbeat agent with the timing of a Nova service, the first beat 5 s after the start and then one
/// every report interval (nova/service.py, nova/servicegroup/drivers/base.py). A place that is away is tried again until it
/// is back.
/// </summary>
internal static class JoinCommand
{
    private static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(5);

    /// <param name="services">Where to report.</param>
    /// <param name="where">The same, for people.</param>
    /// <param name="name">Who reports.</param>
    /// <param name="leave">Whether it leaves its group at the end.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(ServiceGroup services, string where, MemberName name, bool leave, CancellationToken cancellationToken)
    {
        Names.Check(name);
        TimeSpan interval = services.ReportInterval;
        Console.WriteLine($"{name.Member} reports to group {name.Group} at {where} every {interval.TotalSeconds} s. Stop it with Ctrl+C.");
        bool lost = false;
        bool reported = false;
        try
        {
            await Task.Delay(InitialDelay < interval ? InitialDelay : interval, cancellationToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(interval);
            do
            {
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    limit.CancelAfter(interval);
                    reported = true;
                    await services.HeartbeatAsync(name.Member, name.Group, limit.Token).ConfigureAwait(false);
                    Tell(ref lost, now: false, $"reports arrive again at {where}");
                }
                catch (Exception fault) when (fault is HeartbeatStoreException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    string why = fault is OperationCanceledException ? $"{where}: no answer within {interval.TotalSeconds} s" : fault.Message;
                    Tell(ref lost, now: true, $"reports do not arrive: {why}; trying on");
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A report that was not answered may have arrived.
            if (leave && reported)
            {
                return await LeaveAsync(services, name).ConfigureAwait(false);
            }
        }

        return ExitCode.Success;
    }

    private static async Task<int> LeaveAsync(ServiceGroup services, MemberName name)
    {
        try
        {
            await services.LeaveAsync(name.Member, name.Group, CancellationToken.None).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (HeartbeatStoreException fault)
        {
            Console.Error.WriteLine($"{name.Member} could not leave, and falls silent instead: {fault.Message}");
            return ExitCode.Failure;
        }
    }

    // Once when it is lost and once when it is back, not with every beat.
    private static void Tell(ref bool lost, bool now, string what)
    {
        if (lost != now)
        {
            Console.Error.WriteLine(what);
            lost = now;
        }
    }
}
