using System.Collections.Concurrent;
using System.Diagnostics;

namespace LivenessEngine.Tools.Instruments;

/// <summary>A server's process. It ends with this program at the latest.</summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private const int MostLines = 50;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly int _endSignal;
    private readonly ConcurrentQueue<string> _lines = new();

    private ChildServer(Process process, int endSignal)
    {
        (_process, _endSignal) = (process, endSignal);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The end of what it printed.</summary>
    public string Printed => string.Join('\n', _lines);

    /// <summary>Starts it.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cpu">The core to run on; null for any.</param>
    /// <param name="endSignal">What ends it in order.</param>
    public static ChildServer Start(IReadOnlyList<string> command, string? cpu, int endSignal = Signals.Terminate)
    {
        // taskset becomes the server, so that the process is the server's own.
        string[] words = cpu is null ? [.. command] : ["taskset", "-c", cpu, .. command];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return new ChildServer(new Process { StartInfo = start }, endSignal);
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (!_process.HasExited)
        {
            _ = Signals.Send(_process.Id, _endSignal);
            using var patience = new CancellationTokenSource(EndTime);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }

    private void OnProcessExit(object? sender, EventArgs e) => _ = Signals.Send(_process.Id, _endSignal);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MostLines)
            {
                _lines.TryDequeue(out _);
            }
        }
    }
}
