using System.Net;
using System.Text;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.Asking;

/// <summary>The daemon that a command asks, and as whom.</summary>
/// <param name="Server">Where it listens.</param>
/// <param name="AuthenticationFile">Lines of <c>user:password</c>, the first of which is told; null where nobody has to say who asks.</param>
internal sealed record AskedDaemon(EndPoint Server, string? AuthenticationFile)
{
    /// <summary>A connection that may ask.</summary>
    /// <exception cref="MemcachedException">It cannot be reached, or does not know the user.</exception>
    /// <exception cref="UsageException">There is no user in the file.</exception>
    public async Task<MemcachedConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        byte[]? login = AuthenticationFile is null ? null : LoginIn(AuthenticationFile);
        MemcachedConnection connection = await MemcachedConnection.ConnectAsync(Server, cancellationToken).ConfigureAwait(false);
        if (login is null)
        {
            return connection;
        }

        try
        {
            await connection.SetAsync("auth", login, exptime: 0, cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch (MemcachedException)
        {
            connection.Dispose();
            throw new MemcachedException($"{MemcachedConnection.NameOf(Server)} does not take the first user of {AuthenticationFile}");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static byte[] LoginIn(string file)
    {
        string line = File.ReadLines(file).FirstOrDefault() ?? "";
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon < line.Length - 1
            ? Encoding.UTF8.GetBytes($"{line[..colon]} {line[(colon + 1)..]}")
            : throw new UsageException($"--auth-file: the first line of {file} is no user:password", ExitCode.Usage);
    }
}
