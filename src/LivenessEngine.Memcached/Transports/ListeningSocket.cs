using System.Net;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Transports;

/// <summary>A socket that clients connect to. It has them wait from the first moment, whether anybody accepts yet or not.</summary>
internal sealed class ListeningSocket(Socket socket)
{
    // What open says of a socket: ENXIO on Linux, EOPNOTSUPP on macOS.
    private const int NoSuchDevice = 6;
    private const int NotSupportedOnMac = 102;

    public Socket Socket => socket;

    /// <summary>The address in fact, with the port that port 0 became.</summary>
    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>
    /// Whether another process listens on it too: who gave it to us, or whom we gave it to. Then it is not ours to close:
    /// what waits in its queue waits for the other one.
    /// </summary>
    public bool IsShared { get; set; }

    /// <exception cref="SocketException">The address is taken, or not ours.</exception>
    /// <exception cref="IOException">The folder of a unix socket is not there.</exception>
    public static ListeningSocket Bind(EndPoint endPoint, int backlog, UnixFileMode unixSocketMode)
    {
        var socket = new Socket(
            endPoint.AddressFamily, SocketType.Stream, endPoint is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            if (endPoint is UnixDomainSocketEndPoint unix)
            {
                BindUnix(socket, unix, unixSocketMode);
            }
            else
            {
                if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = false;
                }

                socket.Bind(endPoint);
            }

            socket.Listen(backlog);
            return new ListeningSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // A socket file that nobody listens on is left over from a process that was killed; memcached takes its place too.
    private static void BindUnix(Socket socket, UnixDomainSocketEndPoint endPoint, UnixFileMode unixSocketMode)
    {
        string path = endPoint.ToString();
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{path}: there is no folder {folder}");
        }

        if (IsSocket(path))
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(endPoint);
                throw new SocketException((int)SocketError.AddressAlreadyInUse);
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                File.Delete(path);
            }
        }

        socket.Bind(endPoint);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, unixSocketMode);
        }
    }

    // Nobody can open a socket as a file, whatever the rights. Any other file is somebody's, and stays.
    private static bool IsSocket(string path)
    {
        if (!File.Exists(path) || (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != 0)
        {
            return false;
        }

        try
        {
            // For writing too: a named pipe would have us wait for a writer.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException refused)
        {
            return refused.HResult is NoSuchDevice or NotSupportedOnMac;
        }
    }
}
