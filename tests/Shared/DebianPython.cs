using System.Collections.Concurrent;

namespace LivenessEngine.Testing;

/// <summary>Debian's python, with its packages of memcached clients and of Nova: not whichever python comes first.</summary>
internal static class DebianPython
{
    public const string Program = "/usr/bin/python3";

    private static readonly ConcurrentDictionary<string, Task<ChildProcess>> Imports = new();

    /// <summary>Ends the test when a module is not there: skipped, and failed where CI is true.</summary>
    public static async Task RequireAsync(string module, string package)
    {
        if (!File.Exists(Program))
        {
            Installed.Missing($"{Program} is not installed (Debian: apt-get install python3)");
        }

        // Some take a second of processor time, and many tests ask for the same.
        ChildProcess process = await Imports.GetOrAdd(module, _ => ChildProcess.RunAsync(Program, ["-c", $"import {module}"]));
        if (process.ExitCode != 0)
        {
            Installed.Missing($"python's {module} is not installed (Debian: apt-get install {package})");
        }
    }

    /// <summary>Runs a script of the tests to its end, and returns the lines that it wrote.</summary>
    public static async Task<string[]> RunAsync(string script, params string[] arguments)
    {
        string path = Path.Combine(Repository.Root, "tests", script);
        ChildProcess process = await ChildProcess.RunAsync(Program, [path, .. arguments]);
        Assert.True(process.ExitCode == 0, $"{script}: {process.Error}");
        return process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
