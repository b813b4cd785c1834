using System.CommandLine;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Server.Authentication;
using LivenessEngine.Memcached.Transports.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Who may use the daemon, and by what: -Y and -S, and -Z with the ssl_ options of -o.</summary>
/// <remarks>
/// Its files are read here already: a daemon that takes over must not find out that one is wrong when the other has ended.
/// </remarks>
internal sealed class SecurityReader(ServeOptions options, ParseResult parsed, ExtendedOptions extended, List<string> warnings)
{
    private const int NewestTls = 3;

    // Where memcached looks for the users of its own SASL database.
    private const string PasswordFile = "MEMCACHED_SASL_PWDB";

    private static readonly string[] WithValue =
        ["ssl_chain_cert", "ssl_key", "ssl_verify_mode", "ssl_keyformat", "ssl_ciphers", "ssl_ca_cert", "ssl_wbuf_size", "ssl_min_version"];

    private static readonly string[] WithoutValue = ["ssl_session_cache", "ssl_kernel_tls"];

    /// <exception cref="UsageException">A value is not allowed, or a file is wrong.</exception>
    public void ReadInto(MemcachedServerOptions server)
    {
        ReadAuthentication(server);
        server.Tls = ReadTls();
        int perAddress = parsed.GetValue(options.ConnectionsPerAddress);
        server.MaxConnectionsPerAddress = perAddress >= 0
            ? perAddress
            : throw new UsageException($"{options.ConnectionsPerAddress.Name}: {perAddress} is not allowed; it takes a number of connections, 0 or more", ExitCode.Usage);
    }

    // Of memcached's two kinds of authentication each excludes the other's protocol; here one file serves both.
    private void ReadAuthentication(MemcachedServerOptions server)
    {
        bool sasl = parsed.GetValue(options.EnableSasl);
        string? listed = parsed.GetValue(options.AuthFile);
        if (!sasl && listed is null)
        {
            return;
        }

        if (parsed.GetValue(options.UdpPort) != 0)
        {
            throw new UsageException(
                sasl ? "Cannot enable UDP while using binary SASL authentication." : "Cannot use UDP with ascii authentication enabled (-U 0 to disable)",
                ExitCode.Usage);
        }

        if (sasl && server.Protocol == MemcachedProtocol.Ascii)
        {
            throw new UsageException("ERROR: You cannot allow the ASCII protocol while using SASL.", ExitCode.Usage);
        }

        if (!sasl && server.Protocol == MemcachedProtocol.Binary)
        {
            throw new UsageException("ERROR: You cannot allow the BINARY protocol while using ascii authentication tokens.", ExitCode.Usage);
        }

        string file = listed ?? Environment.GetEnvironmentVariable(PasswordFile)
            ?? throw new UsageException($"-S needs a file of those who may use the daemon, lines of user:password: {PasswordFile} in the environment, or -Y", ExitCode.Usage);
        Try(() => _ = new AuthenticationFile(file, NullLogger.Instance), ExitCode.Failure);
        server.AuthenticationFile = Path.GetFullPath(file);
        server.Protocol = !sasl ? MemcachedProtocol.Ascii : listed is null ? MemcachedProtocol.Binary : server.Protocol;
    }

    private MemcachedTlsOptions? ReadTls()
    {
        IReadOnlyDictionary<string, string?> given = extended.ForTls;
        Check(given);
        if (!parsed.GetValue(options.EnableSsl))
        {
            Warn("accepted, and without effect for want of -Z", given.Keys);
            return null;
        }

        Warn("accepted, and without effect here", given.Keys.Where(name => name is "ssl_wbuf_size" or "ssl_kernel_tls"));
        var tls = new MemcachedTlsOptions
        {
            CertificateChain = File(given, "ssl_chain_cert") ?? throw new UsageException("-Z needs a certificate: -o ssl_chain_cert=FILE", ExitCode.Usage),
            Key = File(given, "ssl_key"),
            IsKeyDer = ReadKeyFormat(given.GetValueOrDefault("ssl_keyformat")),
            ClientAuthorities = File(given, "ssl_ca_cert"),
            Verification = (MemcachedTlsVerification)ReadNumber(given, "ssl_verify_mode", (int)MemcachedTlsVerification.Once, 0),
            Ciphers = given.GetValueOrDefault("ssl_ciphers"),
            MinimumVersion = ReadNumber(given, "ssl_min_version", NewestTls, NewestTls - 1),
            ResumesSessions = given.ContainsKey("ssl_session_cache"),
        };
        if (tls is { Verification: MemcachedTlsVerification.Require, ClientAuthorities: null })
        {
            throw new UsageException("-o ssl_verify_mode=2 needs the roots of the clients' certificates: -o ssl_ca_cert=FILE", ExitCode.Usage);
        }

        Try(() => _ = new TlsHandshakes(tls, TimeProvider.System), ExitCode.Usage);
        return tls;
    }

    private void Warn(string what, IEnumerable<string> names)
    {
        if (names.Any())
        {
            warnings.Add($"liveness: {what}: {string.Join(", ", names.Select(name => $"-o {name}"))}");
        }
    }

    private static void Check(IReadOnlyDictionary<string, string?> given)
    {
        foreach ((string name, string? value) in given)
        {
            if (!WithValue.Contains(name) && !WithoutValue.Contains(name))
            {
                throw new UsageException($"Illegal suboption \"{name}\"");
            }

            if (WithValue.Contains(name) && string.IsNullOrEmpty(value))
            {
                throw new UsageException($"Missing {name} argument");
            }
        }
    }

    // The daemon may be asked to read them again when it is somewhere else.
    private static string? File(IReadOnlyDictionary<string, string?> given, string name)
        => given.GetValueOrDefault(name) is { } file ? Path.GetFullPath(file) : null;

    private static bool ReadKeyFormat(string? format) => format?.ToUpperInvariant() switch
    {
        null or "PEM" or "1" => false,
        "DER" or "2" => true,
        _ => throw new UsageException($"-o ssl_keyformat: '{format}' is not allowed; it takes PEM or DER", ExitCode.Usage),
    };

    private static int ReadNumber(IReadOnlyDictionary<string, string?> given, string name, int most, int otherwise)
        => !given.TryGetValue(name, out string? text) ? otherwise
            : int.TryParse(text, out int number) && number >= 0 && number <= most ? number
            : throw new UsageException($"Invalid {name}. '{text}' is not allowed; it takes 0 to {most}");

    private static void Try(Action read, int exitCode)
    {
        try
        {
            read();
        }
        catch (Exception fault) when (fault is IOException or FormatException)
        {
            throw new UsageException(fault.Message, exitCode);
        }
    }
}
