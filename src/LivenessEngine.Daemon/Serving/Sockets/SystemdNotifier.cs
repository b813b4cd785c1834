using System.IO.Pipes;
using System.Net.Sockets;
using System.Text;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>
/// Tells whoever started us how we are (sd_notify(3)), and leaves connections with them while we are away
/// (sd_pid_notify_with_fds(3), FDSTORE). Does nothing where nobody asked, by NOTIFY_SOCKET.
/// </summary>
internal sealed class SystemdNotifier : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Socket? _socket;

    public SystemdNotifier()
    {
        string? address = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", null);
        if (OperatingSystem.IsLinux() && address is ['/' or '@', _, ..])
        {
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = (int)Patience.TotalMilliseconds };
            try
            {
                _socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? $"\0{address[1..]}" : address));
            }
            catch (SocketException)
            {
                // Whoever asked is not there: that is their affair.
                _socket.Dispose();
                _socket = null;
            }
        }
    }

    public bool IsHeard => _socket is not null;

    public void Ready(string status) => Send($"READY=1\nSTATUS={status}\n");

    public void Stopping() => Send("STOPPING=1\n");

    /// <summary>Has connections kept open for the next start, which finds them among its LISTEN_FDS.</summary>
    public async Task KeepAsync(IEnumerable<SafeSocketHandle> connections)
    {
        foreach (SafeSocketHandle[] some in connections.Chunk(Rights.Most))
        {
            Send("FDSTORE=1\nFDNAME=client\n", [.. some.Select(connection => (int)connection.DangerousGetHandle())]);
        }

        await BarrierAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// What was kept is ours: were it kept on, it would stay open for the client that we close, and after a kill the next start
    /// would find it in the middle of a request.
    /// </summary>
    public void Forget() => Send("FDSTOREREMOVE=1\nFDNAME=client\n");

    public void Dispose() => _socket?.Dispose();

    // What a process has sent is not listened to once it is gone; the other side closes this pipe when it has come so far.
    private async Task BarrierAsync()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        Send("BARRIER=1\n", [(int)pipe.ClientSafePipeHandle.DangerousGetHandle()]);
        pipe.DisposeLocalCopyOfClientHandle();
        await Task.WhenAny(Task.Run(pipe.ReadByte), Task.Delay(Patience)).ConfigureAwait(false);
    }

    private void Send(string text, params int[] descriptors)
    {
        if (_socket is null)
        {
            return;
        }

        try
        {
            Rights.Send(_socket, Encoding.ASCII.GetBytes(text), descriptors);
        }
        catch (IOException fault)
        {
            Console.Error.WriteLine($"warning: $NOTIFY_SOCKET: {fault.Message}");
        }
    }
}
