using System.Diagnostics;
using System.IO.Pipes;
using LivenessEngine.Daemon.CommandLine;

namespace LivenessEngine.Daemon.Serving;

/// <summary>
/// -d: starts the daemon anew in a session of its own, waits until it listens, and leaves it. A start that fails is told
/// here, where somebody is still looking.
/// </summary>
internal static class Background
{
    // Holds the handle that the background process says "listening" through.
    private const string ReadyVariable = "LIVENESS_READY_HANDLE";

    /// <summary>True in the background process.</summary>
    public static bool IsBackground => Environment.GetEnvironmentVariable(ReadyVariable) is not null;

    /// <summary>Starts the background process; returns the exit code for this one.</summary>
    public static async Task<int> StartAsync(string[] arguments)
    {
        using var ready = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);

        // Streams of its own, which end with this process: whoever reads this one's output must not wait for the daemon's end.
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "liveness.dll"));
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ReadyVariable] = ready.GetClientHandleAsString();
        using Process process = Process.Start(start)!;
        ready.DisposeLocalCopyOfClientHandle();
        if (ready.ReadByte() >= 0)
        {
            return ExitCode.Success;
        }

        string error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        await Console.Error.WriteAsync(error).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>In the background process: tells the one that started it that all is well.</summary>
    public static void TellReady()
    {
        if (Environment.GetEnvironmentVariable(ReadyVariable) is { } handle)
        {
            using var ready = new AnonymousPipeClientStream(PipeDirection.Out, handle);
            ready.WriteByte(1);
            Console.SetError(TextWriter.Null);
            Environment.SetEnvironmentVariable(ReadyVariable, null);
        }
    }
}
