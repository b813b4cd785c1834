using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Checks names that were given on the command line.</summary>
internal static class Names
{
    /// <exception cref="UsageException">The name of the member, or of its group, is not allowed.</exception>
    public static void Check(MemberName name) => Checked(name.Check);

    /// <param name="group">The name of a group, or null for all.</param>
    /// <exception cref="UsageException">The name is not allowed.</exception>
    public static void CheckGroup(string? group)
    {
        if (group is not null)
        {
            Checked(() => MemberKey.CheckGroup(group));
        }
    }

    private static void Checked(Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException fault)
        {
            // Without what an exception adds for who writes code: (Parameter 'group').
            throw new UsageException(fault.ParamName is { } name ? fault.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : fault.Message, ExitCode.Usage);
        }
    }
}
