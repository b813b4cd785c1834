using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

internal static class Terminal
{
    /// <summary>A pipe has no width: nothing that goes into one is cut or wrapped.</summary>
    public static void Widen()
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = int.MaxValue / 2;
        }
    }
}
