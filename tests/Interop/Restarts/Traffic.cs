using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Restarts;

/// <summary>Clients that set without a pause, half of them on a new connection each time, and remember what was acknowledged.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Clients = 6;

    private readonly EndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private long _sets;

    public Traffic(EndPoint server)
    {
        _server = server;
        _clients = [.. Enumerable.Range(0, Clients).Select(i => Task.Run(() => RunAsync($"compute:client{i}", reconnects: i % 2 == 0)))];
    }

    public long Sets => Interlocked.Read(ref _sets);

    /// <summary>What was refused, closed or answered wrongly.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The last value of each key that was acknowledged.</summary>
    public IReadOnlyDictionary<string, long> Acknowledged => _acknowledged;

    public TimeSpan LongestWait { get; private set; }

    /// <summary>Waits for so many more sets.</summary>
    public async Task GoOnAsync(int sets)
    {
        long end = Sets + sets;
        await Eventually.True(() => Sets >= end || !_faults.IsEmpty, "clients are served");
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Eventually.Done(Task.WhenAll(_clients), "the clients end");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(string key, bool reconnects)
    {
        byte[] reply = new byte[64];
        Socket? socket = null;
        for (long value = 1; !_stop.IsCancellationRequested; value++)
        {
            try
            {
                long start = Stopwatch.GetTimestamp();
                socket ??= await ClientSocket.OpenAsync(_server);
                string text = $"{value}";
                await socket.SendAsync(Encoding.ASCII.GetBytes($"set {key} 0 0 {text.Length}\r\n{text}\r\n"));
                string answer = Encoding.ASCII.GetString(reply, 0, await socket.ReceiveAsync(reply));
                Note(key, value, answer, Stopwatch.GetElapsedTime(start));
                if (reconnects)
                {
                    socket.Dispose();
                    socket = null;
                }
            }
            catch (SocketException fault)
            {
                _faults.Enqueue($"{key}: {fault.Message}");
                socket?.Dispose();
                socket = null;
            }
        }

        socket?.Dispose();
    }

    private void Note(string key, long value, string answer, TimeSpan wait)
    {
        if (answer == "STORED\r\n")
        {
            _acknowledged[key] = value;
            Interlocked.Increment(ref _sets);
        }
        else
        {
            _faults.Enqueue($"{key}: '{answer}'");
        }

        LongestWait = wait > LongestWait ? wait : LongestWait;
    }
}
