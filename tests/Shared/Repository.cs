using System.Reflection;

namespace LivenessEngine.Testing;

/// <summary>Where things are in the checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution in it.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The daemon, as it was built together with the running tests.</summary>
    public static string Daemon
    {
        get
        {
            string configuration = typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            string path = Path.Combine(Root, "src", "LivenessEngine.Daemon", "bin", configuration, "net10.0", "liveness");
            return File.Exists(path) ? path : throw new FileNotFoundException("The daemon was not built with the tests.", path);
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LivenessEngine.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("No folder above the tests has LivenessEngine.sln in it.");
    }
}
