using System.Globalization;
using System.Text.RegularExpressions;

namespace LivenessEngine.Database.Urls;

/// <summary>
/// A database as Nova's <c>[database] connection</c> names it: an SQLAlchemy URL,
/// <c>name[+driver]://user:password@host:port/database?option=value</c>.
/// </summary>
/// <remarks>
/// Taken apart as SQLAlchemy does: user, password and the options are percent-decoded, the database is not. Nothing that
/// may be a part of the password is ever shown, so a URL that cannot be read is not shown either.
/// </remarks>
internal sealed partial class DatabaseUrl
{
    private const string Allowed =
        "allowed are sqlite:////absolute/path, sqlite:///relative/path, mysql+pymysql://user:password@host:port/database "
        + "(also mysql, mariadb, mariadb+pymysql) and postgresql://user:password@host:port/database (also postgresql+psycopg2)";

    private DatabaseUrl(DatabaseKind kind) => Kind = kind;

    public DatabaseKind Kind { get; }

    public string? User { get; private init; }

    public string? Password { get; private init; }

    public string? Host { get; private init; }

    public int? Port { get; private init; }

    public string? Database { get; private init; }

    /// <summary>What stands behind the question mark; a name may come more than once.</summary>
    public IReadOnlyList<UrlOption> Options { get; private init; } = [];

    /// <exception cref="FormatException">It is no such URL; the message says what is wrong and what is allowed.</exception>
    public static DatabaseUrl Parse(string text)
    {
        Match match = Shape().Match(text);
        if (!match.Success)
        {
            throw Wrong("it does not begin with the name of a database and ://");
        }

        DatabaseKind kind = KindOf(match.Groups["name"].Value);
        string? host = Part(match, "ipv6host") ?? Part(match, "ipv4host");
        string? database = Part(match, "database");
        if (host?.Contains('@', StringComparison.Ordinal) == true
            || (kind != DatabaseKind.Sqlite && database?.Contains('@', StringComparison.Ordinal) == true))
        {
            // Behind the first @ there is the rest of a password, and not a host.
            throw Wrong("there are two @ in it; one inside the password is written %40");
        }

        var url = new DatabaseUrl(kind)
        {
            User = Decoded(match, "username"),
            Password = Decoded(match, "password"),
            Host = host,
            Port = PortOf(Part(match, "port")),
            Database = database,
            Options = OptionsOf(Part(match, "query") ?? ""),
        };
        return kind == DatabaseKind.Sqlite ? CheckedFile(url) : CheckedServer(url);
    }

    /// <summary>The kind and the place, without user and password.</summary>
    public override string ToString() => $"{Kind} {Host}:{Port}/{Database}";

    internal static FormatException Wrong(string cause) => new($"The database URL is not right: {cause}; {Allowed}.");

    private static DatabaseKind KindOf(string name) => name switch
    {
        "sqlite" or "sqlite+pysqlite" => DatabaseKind.Sqlite,
        "mysql" or "mysql+pymysql" or "mysql+mysqldb" or "mariadb" or "mariadb+pymysql" => DatabaseKind.MySql,
        "postgresql" or "postgresql+psycopg2" => DatabaseKind.PostgreSql,
        "postgres" => throw Wrong("'postgres' is called postgresql"),
        _ => throw Wrong($"'{name}' is no database that is known here"),
    };

    private static DatabaseUrl CheckedFile(DatabaseUrl url)
    {
        if (url.Host is not null || url.User is not null || url.Port is not null)
        {
            throw Wrong("a file has no host; its path begins behind three slashes");
        }

        return string.IsNullOrEmpty(url.Database) || url.Database.Contains(":memory:", StringComparison.Ordinal)
            ? throw Wrong("it names SQLite's memory, which no other process sees and which ends with its connection")
            : url;
    }

    private static DatabaseUrl CheckedServer(DatabaseUrl url)
        => string.IsNullOrEmpty(url.Database) ? throw Wrong("it names no database on the server, such as /nova") : url;

    private static string? Part(Match match, string group)
        => match.Groups[group] is { Success: true, Length: > 0 } part ? part.Value : null;

    private static string? Decoded(Match match, string group)
        => match.Groups[group] is { Success: true } part ? Uri.UnescapeDataString(part.Value) : null;

    // Not shown: in user:password/database, where the host was forgotten, it is the password.
    private static int? PortOf(string? text)
        => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue ? port
        : throw Wrong("what stands behind the host's colon is no port from 1 to 65535");

    private static List<UrlOption> OptionsOf(string query)
    {
        var options = new List<UrlOption>();
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            string name = at < 0 ? pair : pair[..at];
            if (!OptionName().IsMatch(name))
            {
                throw Wrong("what stands behind the ? is not of the form name=value&name=value");
            }

            // A value that is empty counts as not given, as for SQLAlchemy.
            if (at >= 0 && at < pair.Length - 1)
            {
                options.Add(new UrlOption(name, Uri.UnescapeDataString(pair[(at + 1)..].Replace('+', ' '))));
            }
        }

        return options;
    }

    // SQLAlchemy's own expression (sqlalchemy/engine/url.py).
    [GeneratedRegex(
        @"^(?<name>[\w\+]+)://(?:(?<username>[^:/]*)(?::(?<password>[^@]*))?@)?(?:(?:\[(?<ipv6host>[^/\?]+)\]|(?<ipv4host>[^/:\?]+))?(?::(?<port>[^/\?]*))?)?(?:/(?<database>[^\?]*))?(?:\?(?<query>.*))?$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Shape();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]{0,40}$")]
    private static partial Regex OptionName();
}
