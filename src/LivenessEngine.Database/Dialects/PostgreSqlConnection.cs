using System.Globalization;
using LivenessEngine.Database.Urls;
using Npgsql;

namespace LivenessEngine.Database.Dialects;

/// <summary>What a URL for PostgreSQL says, for Npgsql. The options are libpq's, which psycopg2 hands on to it.</summary>
internal static class PostgreSqlConnection
{
    private const int DefaultPort = 5432;

    // Npgsql's own limit, in seconds.
    private const int LongestTimeout = 1024;

    // Where Debian's libpq looks when no host is named.
    private const string DefaultSocketFolder = "/var/run/postgresql";

    private const string Known =
        "application_name, client_encoding, connect_timeout, gssencmode, host, keepalives, keepalives_count, keepalives_idle, "
        + "keepalives_interval, options, passfile, port, sslcert, sslkey, sslmode, sslpassword, sslrootcert, target_session_attrs";

    private static readonly Dictionary<string, SslMode> SslModes = new()
    {
        ["disable"] = SslMode.Disable,
        ["allow"] = SslMode.Allow,
        ["prefer"] = SslMode.Prefer,
        ["require"] = SslMode.Require,
        ["verify-ca"] = SslMode.VerifyCA,
        ["verify-full"] = SslMode.VerifyFull,
    };

    private static readonly Dictionary<string, string> SessionAttributes =
        new[] { "any", "primary", "prefer-standby", "read-only", "read-write", "standby" }.ToDictionary(name => name);

    private static readonly Dictionary<string, GssEncryptionMode> GssModes = new()
    {
        ["disable"] = GssEncryptionMode.Disable,
        ["prefer"] = GssEncryptionMode.Prefer,
        ["require"] = GssEncryptionMode.Require,
    };

    /// <exception cref="FormatException">An option is unknown or not right; the message names it.</exception>
    public static NpgsqlConnectionStringBuilder From(DatabaseUrl url, DatabaseOptions options)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Database = url.Database,
            Username = url.User,
            Password = url.Password,
            Port = url.Port ?? DefaultPort,
            Timeout = (int)options.ConnectTimeout.TotalSeconds,
            CommandTimeout = (int)options.CommandTimeout.TotalSeconds,
            ApplicationName = "liveness",
            MaxPoolSize = 20,

            // What a session is told once (the lock time-out) stays told, and nothing is sent when it goes back to the pool.
            NoResetOnClose = true,

            // As libpq without a ticket; asking for one loads a library that a plain machine lacks.
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var hosts = new List<string>();
        foreach (UrlOption option in url.Options)
        {
            if (option.Name == "host")
            {
                hosts.Add(option.Value);
            }
            else
            {
                Apply(option, connection);
            }
        }

        connection.Host = hosts.Count > 0 ? string.Join(',', hosts) : url.Host ?? (Directory.Exists(DefaultSocketFolder) ? DefaultSocketFolder : "localhost");
        return connection;
    }

    private static void Apply(UrlOption option, NpgsqlConnectionStringBuilder connection)
    {
        switch (option.Name)
        {
            case "application_name": connection.ApplicationName = option.Value; break;
            case "connect_timeout": connection.Timeout = (int)Math.Ceiling(option.AsSeconds(LongestTimeout).TotalSeconds); break;
            case "gssencmode": connection.GssEncryptionMode = option.OneOf(GssModes); break;
            case "keepalives": connection.TcpKeepAlive = option.AsInteger() != 0; break;
            case "keepalives_idle": connection.TcpKeepAliveTime = option.AsInteger(); break;
            case "keepalives_interval": connection.TcpKeepAliveInterval = option.AsInteger(); break;
            case "options": connection.Options = option.Value; break;
            case "passfile": connection.Passfile = option.Value; break;
            case "port": connection.Port = option.AsInteger() is > 0 and <= ushort.MaxValue and var port ? port : throw option.Wrong("1 to 65535"); break;
            case "sslmode": connection.SslMode = option.OneOf(SslModes); break;
            case "sslrootcert": connection.RootCertificate = option.Value; break;
            case "sslcert": connection.SslCertificate = option.Value; break;
            case "sslkey": connection.SslKey = option.Value; break;
            case "sslpassword": connection.SslPassword = option.Value; break;
            case "target_session_attrs": connection.TargetSessionAttributes = option.OneOf(SessionAttributes); break;
            case "client_encoding" or "keepalives_count":
                // The client always speaks UTF-8; and counts as the kernel does.
                break;
            default: throw option.Unknown("PostgreSQL", Known);
        }
    }

    public static string Place(NpgsqlConnectionStringBuilder connection)
        => connection.Host!.StartsWith('/')
            ? $"{connection.Host}/{connection.Database}"
            : string.Create(CultureInfo.InvariantCulture, $"{(connection.Host.Contains(':', StringComparison.Ordinal) && !connection.Host.Contains(',', StringComparison.Ordinal) ? $"[{connection.Host}]" : connection.Host)}:{connection.Port}/{connection.Database}");
}
