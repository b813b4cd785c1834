namespace LivenessEngine.Tools.Instruments;

/// <summary>The sources that this was built from, and what else was built there.</summary>
internal static class Checkout
{
    /// <summary>The folder with the solution in it.</summary>
    /// <exception cref="InvalidDataException">This program does not lie in one.</exception>
    public static string Root
    {
        get
        {
            string? folder = AppContext.BaseDirectory;
            while (folder is not null && !File.Exists(Path.Combine(folder, "LivenessEngine.sln")))
            {
                folder = Path.GetDirectoryName(folder);
            }

            return folder ?? throw new InvalidDataException("no folder above this program has LivenessEngine.sln in it");
        }
    }

    /// <summary>The daemon.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public static string Daemon
    {
        get
        {
            string path = Path.Combine(Root, "src", "LivenessEngine.Daemon", "bin", "Release", "net10.0", "liveness");
            return File.Exists(path) ? path : throw new InvalidDataException($"{path} is not there; name the daemon by --liveness");
        }
    }
}
