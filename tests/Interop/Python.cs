using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>Scripts in Clients/, run by Debian's Python, whose packages bring the client modules.</summary>
internal static class Python
{
    private const string Program = "/usr/bin/python3";

    /// <summary>Runs a script to its end; what it printed.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        ChildProcess run = await ChildProcess.RunAsync(Program, ["-B", PathOf(script), .. arguments]);
        Assert.True(run.ExitCode == 0, $"{script} ended with {run.ExitCode}: {run.Error}");
        return run.Output;
    }

    /// <summary>Starts a script, which runs until it is disposed of.</summary>
    public static ChildProcess Start(string script, params string[] arguments)
        => ChildProcess.Start(Program, ["-B", "-u", PathOf(script), .. arguments]);

    /// <summary>Starts a script with variables of its own.</summary>
    public static ChildProcess Start(string script, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
        => ChildProcess.Start(Program, ["-B", "-u", PathOf(script), .. arguments], environment: environment);

    private static string PathOf(string script) => Path.Combine(AppContext.BaseDirectory, "Clients", script);
}
