using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.Asking;

/// <summary>liveness release: the suspects of a group are down, and the mass-down brake holds them no longer.</summary>
internal static class ReleaseCommand
{
    public static async Task<int> RunAsync(AskedDaemon daemon, string group, CancellationToken cancellationToken)
    {
        Names.CheckGroup(group);
        using MemcachedConnection connection = await daemon.ConnectAsync(cancellationToken).ConfigureAwait(false);
        switch (await connection.AskAsync($"liveness release {group}", cancellationToken).ConfigureAwait(false))
        {
            case "OK":
                Console.WriteLine($"The members of group '{Terminal.Plain(group)}' that are silent are down now.");
                return ExitCode.Success;
            case "NOT_FOUND":
                await Console.Error.WriteLineAsync($"liveness: nothing is held back in group '{Terminal.Plain(group)}'").ConfigureAwait(false);
                return ExitCode.Failure;
            case var reply:
                await Console.Error.WriteLineAsync($"liveness: {MemcachedConnection.NameOf(daemon.Server)} answered '{Terminal.Plain(reply)}' to 'liveness release'").ConfigureAwait(false);
                return ExitCode.Failure;
        }
    }
}
