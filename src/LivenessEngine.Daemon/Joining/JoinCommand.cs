using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;

namespace LivenessEngine.Daemon.Joining;

/// <summary>
/// liveness join: a heartbeat agent with the timing of a Nova service, the first beat 5 s after the start and then one
/// every report interval (nova/service.py, nova/servicegroup/drivers/base.py). A server that is away is tried again with
/// every beat.
/// </summary>
internal static class JoinCommand
{
    private static readonly TimeSpan InitialDelay = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(
        EndPoint server, string group, string member, TimeSpan reportInterval, bool leave, CancellationToken cancellationToken)
    {
        string key = KeyOf(group, member);
        byte[] value = Encoding.UTF8.GetBytes($"{Environment.MachineName} {Environment.ProcessId}");
        Console.WriteLine($"{member} reports to group {group} at {server} every {reportInterval.TotalSeconds} s. Stop it with Ctrl+C.");
        MemcachedConnection? connection = null;
        bool lost = false;
        try
        {
            await Task.Delay(InitialDelay < reportInterval ? InitialDelay : reportInterval, cancellationToken).ConfigureAwait(false);
            using var timer = new PeriodicTimer(reportInterval);
            do
            {
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                    limit.CancelAfter(reportInterval);
                    connection ??= await MemcachedConnection.ConnectAsync(server, limit.Token).ConfigureAwait(false);
                    await connection.SetAsync(key, value, 0, limit.Token).ConfigureAwait(false);
                    Tell(ref lost, now: false, $"reports reach {server} again");
                }
                catch (Exception fault) when (fault is SocketException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
                {
                    connection?.Dispose();
                    connection = null;
                    string why = fault is OperationCanceledException ? $"no answer within {reportInterval.TotalSeconds} s" : fault.Message;
                    Tell(ref lost, now: true, $"reports do not reach {server}: {why}; trying on");
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (leave && connection is not null)
            {
                await connection.DeleteAsync(key, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            connection?.Dispose();
        }

        return ExitCode.Success;
    }

    private static string KeyOf(string group, string member)
    {
        byte[] key = new byte[LivenessTable.MaxKeyLength];
        try
        {
            return Encoding.UTF8.GetString(key, 0, MemberKey.Write(member, group, key));
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message, ExitCode.Usage);
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
