using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LivenessEngine.Memcached.Tests.Client;

/// <summary>A server that does with a connection what a test wants.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly Task _accepting;
    private int _connections;

    public FakeServer(Func<Session, Task> serve)
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Serve = serve;
        _accepting = AcceptAsync();
    }

    /// <summary>What is done with the next connections.</summary>
    public Func<Session, Task> Serve { get; set; }

    public string Server => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many connections were made.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers every command with the same bytes.</summary>
    public static FakeServer Answering(string reply) => new(async session =>
    {
        while (await session.ReadAsync())
        {
            await session.WriteAsync(reply);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _sessions.Add(RunAsync(socket));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task RunAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await Serve(new Session(socket, _stop.Token));
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException)
            {
                // Stopped, or the client went.
            }
        }
    }

    /// <summary>A connection of a client.</summary>
    internal sealed class Session(Socket socket, CancellationToken cancellationToken)
    {
        private readonly byte[] _buffer = new byte[1 << 16];

        /// <summary>What was read last.</summary>
        public string Read { get; private set; } = "";

        /// <summary>Reads what there is; false when the client is gone.</summary>
        public async Task<bool> ReadAsync()
        {
            int length = await socket.ReceiveAsync(_buffer, cancellationToken);
            Read = Encoding.Latin1.GetString(_buffer, 0, length);
            return length > 0;
        }

        public async Task WriteAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

        /// <summary>Stays silent until the test ends.</summary>
        public Task Wait() => Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
