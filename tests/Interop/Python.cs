using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>Scripts in Clients/, run by Debian's Python, whose packages bring the client modules.</summary>
internal static class Python
{
    /// <summary>Runs a script to its end; what it printed. Of one that does not end the failure says how far it came, and where it is.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        await using ChildProcess run = ChildProcess.Start(DebianPython.Program, ["-X", "faulthandler", "-B", "-u", PathOf(script), .. arguments]);
        Task<int> end = run.EndAsync(2 * Eventually.Deadline);
        if (await Task.WhenAny(end, Task.Delay(Eventually.Deadline, TestContext.Current.CancellationToken)) != end)
        {
            run.Signal(ChildProcess.Abort);
            await end;
        }

        Assert.True(end.Result == 0, $"{script} {string.Join(' ', arguments)} ended with {end.Result}: {run.Error}\nIt had printed:\n{run.Output}");
        return run.Output;
    }

    /// <summary>Starts a script, which runs until it is disposed of.</summary>
    public static ChildProcess Start(string script, params string[] arguments)
        => ChildProcess.Start(DebianPython.Program, ["-B", "-u", PathOf(script), .. arguments]);

    /// <summary>Starts a script with variables of its own.</summary>
    public static ChildProcess Start(string script, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
        => ChildProcess.Start(DebianPython.Program, ["-B", "-u", PathOf(script), .. arguments], environment: environment);

    private static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "Clients", script);
}
