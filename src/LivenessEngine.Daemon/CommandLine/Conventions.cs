using System.CommandLine;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Where memcached's letters and the command line library's own differ.</summary>
internal static class Conventions
{
    /// <summary>-V for the version, and -h for help.</summary>
    public static void Apply(RootCommand root, Command serve)
    {
        foreach (VersionOption version in root.Options.OfType<VersionOption>().ToArray())
        {
            root.Options.Remove(version);
        }

        root.Add(new VersionOption("--version", "-V"));
        serve.Add(new VersionOption("--version", "-V"));
    }
}
