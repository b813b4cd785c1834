using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Tools.Instruments;

/// <summary>A server, started on a free port of loopback and ended after its use.</summary>
internal sealed class Peer : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private Peer(string name, int port, Process process)
    {
        Name = name;
        Port = port;
        _process = process;
    }

    public string Name { get; }

    public int Port { get; }

    public int Pid => _process.Id;

    /// <summary>Starts it, on one core if asked, and waits until it takes connections.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="command">Its command line; <c>{port}</c> stands for the port.</param>
    /// <param name="cpu">The core to run on; null for any.</param>
    /// <exception cref="InvalidDataException">It ended, or never listened.</exception>
    public static Peer Start(string name, string command, string? cpu)
    {
        int port = FreePort();
        string[] words = command.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (cpu is not null)
        {
            words = ["taskset", "-c", cpu, .. words];
        }

        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardOutput = true };
        Process process = Process.Start(start) ?? throw new InvalidDataException($"{name} did not start: {command}");
        var peer = new Peer(name, port, process);
        try
        {
            peer.WaitUntilListening();
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void WaitUntilListening()
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartTime; Thread.Sleep(50))
        {
            if (_process.HasExited)
            {
                throw new InvalidDataException($"{Name} ended with exit code {_process.ExitCode}");
            }

            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }

        throw new InvalidDataException($"{Name} did not listen on port {Port} within {StartTime.TotalSeconds} s");
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
