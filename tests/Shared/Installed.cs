namespace LivenessEngine.Testing;

/// <summary>Programs of the machine that some tests need.</summary>
internal static class Installed
{
    /// <summary>True where nothing may be skipped.</summary>
    public static bool IsRequired => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The path of a program; ends the test when it is not there: skipped, and failed where CI is true.</summary>
    public static string Find(string program, string package)
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Append("/usr/sbin"))
        {
            string path = Path.Combine(folder, program);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Missing($"{program} is not installed (Debian: apt-get install {package})");
        return "";
    }

    /// <summary>Ends the test: skipped, and failed where CI is true.</summary>
    public static void Missing(string reason)
    {
        if (IsRequired)
        {
            Assert.Fail($"{reason}, and CI=true allows no skipping");
        }

        Assert.Skip(reason);
    }
}
