using Spectre.Console;

namespace LivenessEngine.Tools.Instruments;

/// <summary>Where tables are shown.</summary>
internal static class Screen
{
    private const int Wide = 200;

    /// <summary>Writes a table; wide where it goes to a file, which breaks no lines.</summary>
    public static void Write(Spectre.Console.Table table)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = Wide;
        }

        AnsiConsole.Write(table);
    }
}
