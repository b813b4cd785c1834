using System.Diagnostics;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>A program that faults are tried on: our daemon, or the memcached of this machine.</summary>
internal sealed class ServerProgram
{
    private readonly string _help;

    private ServerProgram(string name, string path, bool isEngine, string help)
        => (Name, Path, IsEngine, _help) = (name, path, isEngine, help);

    public string Name { get; }

    public string Path { get; }

    /// <summary>Whether it is our daemon.</summary>
    public bool IsEngine { get; }

    public static ServerProgram Liveness(string path) => new("liveness", path, isEngine: true, Ask(path, "serve", "--help"));

    public static ServerProgram Memcached(string path) => new("memcached", path, isEngine: false, Ask(path, "-h"));

    /// <summary>Whether it has an option.</summary>
    public bool Takes(string option) => _help.Contains(option, StringComparison.Ordinal);

    /// <summary>What it prints of itself.</summary>
    public string Version() => Ask(Path, "-V").Trim().Split('\n')[0];

    private static string Ask(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidDataException($"{path} did not start");
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
