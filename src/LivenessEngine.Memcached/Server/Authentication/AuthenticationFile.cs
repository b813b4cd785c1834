using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Server.Authentication;

/// <summary>The file that names who may use the server (memcached -Y), and what it said when it was last read.</summary>
/// <remarks>Thread-safe: what it said is one object, which is replaced as a whole.</remarks>
internal sealed class AuthenticationFile
{
    // One more than the longest file that can be right, with CRLF line ends.
    private const int MostBytes = ((Credentials.LongestLine + 2) * Credentials.MostUsers) + 1;

    private readonly string _path;
    private readonly ILogger _logger;
    private Credentials _current;

    /// <summary>Reads the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no authentication file; the message names file, line and fault.</exception>
    public AuthenticationFile(string path, ILogger logger)
    {
        _path = path;
        _logger = logger;
        _current = Load(path);
    }

    /// <summary>Who may use the server now.</summary>
    public Credentials Current => Volatile.Read(ref _current);

    /// <summary>
    /// Reads the file again. One that is wrong, or away, changes nothing. Connections that have authenticated stay so, as in
    /// memcached.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="FormatException">It is no authentication file; the message names file, line and fault.</exception>
    /// <returns>What makes it count: until that is called nothing has changed.</returns>
    public Action Prepare()
    {
        Credentials read = Load(_path);
        return () =>
        {
            Volatile.Write(ref _current, read);
            AuthenticationLog.Reloaded(_logger, _path, read.Count);
        };
    }

    /// <summary>The same for whoever cannot be told what is wrong: then it is logged.</summary>
    public bool TryReload()
    {
        try
        {
            Prepare()();
            return true;
        }
        catch (Exception fault) when (fault is IOException or FormatException)
        {
            AuthenticationLog.NotReloaded(_logger, fault.Message);
            return false;
        }
    }

    private static Credentials Load(string path)
    {
        byte[] text = new byte[MostBytes];
        try
        {
            using FileStream file = File.OpenRead(path);
            int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            return Credentials.Parse(text.AsSpan(0, length), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"authentication file {path} cannot be read: {fault.Message}", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
