using System.Globalization;
using LivenessEngine.Database.Urls;
using MySqlConnector;

namespace LivenessEngine.Database.Dialects;

/// <summary>What a URL for MySQL or MariaDB says, for MySqlConnector. The options are those of PyMySQL.</summary>
internal static class MySqlConnectionOptions
{
    private const int DefaultPort = 3306;

    private const string Known =
        "charset, connect_timeout, local_infile, read_timeout, ssl, ssl_ca, ssl_cert, ssl_disabled, ssl_key, ssl_verify_cert, "
        + "ssl_verify_identity, unix_socket, use_unicode, write_timeout";

    /// <exception cref="FormatException">An option is unknown or not right; the message names it.</exception>
    public static MySqlConnectionStringBuilder From(DatabaseUrl url, DatabaseOptions options)
    {
        var connection = new MySqlConnectionStringBuilder
        {
            Server = url.Host ?? "localhost",
            Port = (uint)(url.Port ?? DefaultPort),
            UserID = url.User ?? "",
            Password = url.Password ?? "",
            Database = url.Database ?? "",
            ConnectionTimeout = (uint)options.ConnectTimeout.TotalSeconds,
            DefaultCommandTimeout = (uint)options.CommandTimeout.TotalSeconds,
            ApplicationName = "liveness",
            MaximumPoolSize = 20,

            // What a session is told once (the lock time-out, the mode) stays told, and nothing is sent when it is opened again.
            ConnectionReset = false,

            // The rows that an update found, changed or not.
            UseAffectedRows = false,

            // 0000-00-00 is no time, and no reason to fail.
            ConvertZeroDateTime = true,
        };
        foreach (UrlOption option in url.Options)
        {
            Apply(option, connection);
        }

        return connection;
    }

    public static string Place(MySqlConnectionStringBuilder connection)
        => connection.ConnectionProtocol == MySqlConnectionProtocol.UnixSocket
            ? $"{connection.Server}/{connection.Database}"
            : string.Create(CultureInfo.InvariantCulture, $"{(connection.Server.Contains(':', StringComparison.Ordinal) ? $"[{connection.Server}]" : connection.Server)}:{connection.Port}/{connection.Database}");

    private static void Apply(UrlOption option, MySqlConnectionStringBuilder connection)
    {
        switch (option.Name)
        {
            case "unix_socket":
                connection.Server = option.Value;
                connection.ConnectionProtocol = MySqlConnectionProtocol.UnixSocket;
                break;
            case "connect_timeout": connection.ConnectionTimeout = (uint)Math.Ceiling(option.AsSeconds().TotalSeconds); break;
            case "read_timeout": connection.DefaultCommandTimeout = (uint)Math.Ceiling(option.AsSeconds().TotalSeconds); break;
            case "ssl_disabled":
                connection.SslMode = option.AsBoolean() ? MySqlSslMode.Disabled : MySqlSslMode.Preferred;

                // Without TLS a password of MySQL 8 needs the server's key; PyMySQL asks for it too.
                connection.AllowPublicKeyRetrieval = option.AsBoolean();
                break;
            case "ssl": connection.SslMode = AtLeast(connection, option.AsBoolean() ? MySqlSslMode.Required : MySqlSslMode.Preferred); break;
            case "ssl_ca":
                connection.SslCa = option.Value;
                connection.SslMode = AtLeast(connection, MySqlSslMode.VerifyCA);
                break;
            case "ssl_cert":
                connection.SslCert = option.Value;
                connection.SslMode = AtLeast(connection, MySqlSslMode.Required);
                break;
            case "ssl_key": connection.SslKey = option.Value; break;
            case "ssl_verify_cert": connection.SslMode = AtLeast(connection, option.AsBoolean() ? MySqlSslMode.VerifyCA : MySqlSslMode.Required); break;
            case "ssl_verify_identity": connection.SslMode = AtLeast(connection, option.AsBoolean() ? MySqlSslMode.VerifyFull : MySqlSslMode.Required); break;
            case "charset" or "use_unicode" or "local_infile" or "write_timeout":
                // The client always speaks utf8mb4, sends no files, and has one time-out.
                break;
            default: throw option.Unknown("MySQL", Known);
        }
    }

    private static MySqlSslMode AtLeast(MySqlConnectionStringBuilder connection, MySqlSslMode mode)
        => connection.SslMode > mode ? connection.SslMode : mode;
}
