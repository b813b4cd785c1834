using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>One process of a server. It ends with this program at the latest.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>How long anything of it is waited for: more than the slowest machine takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly int _port;
    private readonly ConcurrentQueue<string> _lines = new();

    private bool _isDisposed;

    private ServerProcess(Process process, int port)
    {
        (_process, _port) = (process, port);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    public int Id => _process.Id;

    /// <summary>What it printed.</summary>
    public string Printed => string.Join('\n', _lines);

    /// <summary>Starts it and waits until it answers.</summary>
    /// <exception cref="InvalidDataException">It ended, or never answered.</exception>
    public static async Task<ServerProcess> StartAsync(
        string[] command, string folder, int port, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new ServerProcess(new Process { StartInfo = start }, port);
        try
        {
            await process.UntilItAnswersAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public void Signal(int signal) => _ = Signals.Send(_process.Id, signal);

    /// <summary>Waits until it has ended by itself.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public async Task EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidDataException($"{_process.StartInfo.FileName} has not ended: {Printed}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void OnProcessExit(object? sender, EventArgs e) => Signal(Signals.Kill);

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }

    private async Task UntilItAnswersAsync()
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience; await Task.Delay(10))
        {
            if (_process.HasExited)
            {
                throw new InvalidDataException($"{_process.StartInfo.FileName} ended with exit code {_process.ExitCode}: {Printed}");
            }

            if (await AnswersAsync())
            {
                return;
            }
        }

        throw new InvalidDataException(string.Create(
            CultureInfo.InvariantCulture, $"{_process.StartInfo.FileName} did not answer on port {_port} within {Patience.TotalSeconds} s"));
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, _port);
            await socket.SendAsync("version\r\n"u8.ToArray());
            byte[] reply = new byte[64];
            using var patience = new CancellationTokenSource(Patience);
            int length = await socket.ReceiveAsync(reply, patience.Token);
            return Encoding.ASCII.GetString(reply, 0, length).StartsWith("VERSION ", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
