using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.Asking;

/// <summary>liveness status: who is up and who is down.</summary>
internal static class StatusCommand
{
    /// <summary>Asks a daemon.</summary>
    public static async Task<int> RunAsync(AskedDaemon daemon, string? group, StatusFormat format, CancellationToken cancellationToken)
    {
        Names.CheckGroup(group);
        using var wait = new ReplyWait(MemcachedConnection.LongestSilence, cancellationToken);
        try
        {
            return Write(await AskAsync(daemon, group, wait).ConfigureAwait(false), group, format);
        }
        catch (OperationCanceledException) when (wait.IsOver)
        {
            throw new MemcachedException($"{MemcachedConnection.NameOf(daemon.Server)} did not answer within {MemcachedConnection.LongestSilence.TotalSeconds} s");
        }
    }

    /// <summary>Asks where a configuration says.</summary>
    /// <exception cref="UsageException">Nobody can be listed there.</exception>
    public static async Task<int> RunAsync(ServiceGroup services, string? group, StatusFormat format, CancellationToken cancellationToken)
    {
        Names.CheckGroup(group);
        IReadOnlyList<MemberStatus> members = await services.MembersAsync(group, cancellationToken).ConfigureAwait(false);
        return members.Count > 0 || services.Store is null or { ListsAll: true }
            ? Write(members, group, format)
            : throw new UsageException(
                $"{services.Store.Name} does not tell who its members are: their keys are hashes. Set [database] connection, "
                + "here or for the liveness daemon (--database), so that they are known by Nova's services table.");
    }

    private static async Task<List<MemberStatus>> AskAsync(AskedDaemon daemon, string? group, ReplyWait wait)
    {
        var members = new List<MemberStatus>();
        using MemcachedConnection connection = await daemon.ConnectAsync(wait.Token).ConfigureAwait(false);
        await foreach ((string name, string value) in connection.StatsAsync($"liveness {group}", wait.Token).ConfigureAwait(false))
        {
            wait.Extend();
            members.Add(MemberLine.Parse(name, value));
        }

        wait.Extend();
        await LearningNote.WriteAsync(connection, wait.Token).ConfigureAwait(false);
        return members;
    }

    private static int Write(IEnumerable<MemberStatus> unordered, string? group, StatusFormat format)
    {
        MemberStatus[] members = [.. unordered.OrderBy(member => (member.Group, member.Member))];
        switch (format)
        {
            case StatusFormat.Json: StatusJson.Write(members); break;
            case StatusFormat.Nova: NovaTable.Write(members); break;
            case StatusFormat.Table when members.Length == 0:
                Console.WriteLine(group is null ? "No member has reported yet." : $"No member of group '{group}' has reported yet.");
                break;
            default: StatusTable.Write(members); break;
        }

        return ExitCode.Success;
    }
}
