using System.Data.Common;
using System.Globalization;
using LivenessEngine.Testing;
using Npgsql;

namespace LivenessEngine.Database.Tests.Servers;

internal sealed class PostgreSqlServer : DatabaseServer
{
    private readonly string _binaries = Binaries();

    protected override string Program => Path.Combine(_binaries, "postgres");

    protected override string ServerUser => "postgres";

    public override string Url(string database)
        => string.Create(CultureInfo.InvariantCulture, $"postgresql://{User}:{EscapedPassword}@127.0.0.1:{Port}/{database}");

    public override DbConnection Connect(string database) => new NpgsqlConnection(new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = User,
        Password = Password,
        Database = database.Length == 0 ? "postgres" : database,
        Pooling = false,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Timeout = 5,
    }.ConnectionString);

    public override async Task CreateDatabaseAsync(string database, bool withTable)
    {
        await ExecuteAsync("", $"CREATE DATABASE {database}");
        if (withTable)
        {
            await ExecuteAsync(database, Schema("postgresql.sql"));
        }
    }

    protected override async Task InitializeAsync()
    {
        string file = Folder["password"];
        await File.WriteAllTextAsync(file, Password);
        await RunAsync(Path.Combine(_binaries, "initdb"), ["-D", Folder["data"], "-U", User, "-A", "scram-sha-256", "--pwfile", file, "--no-sync", "-E", "UTF8"]);
    }

    protected override IEnumerable<string> Arguments() =>
    [
        "-D", Folder["data"], "-p", Port.ToString(CultureInfo.InvariantCulture), "-k", Folder.Path, "-c", "listen_addresses=127.0.0.1",
        "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "deadlock_timeout=200ms",
    ];

    private static string Binaries()
    {
        const string Root = "/usr/lib/postgresql";
        string? folder = Directory.Exists(Root)
            ? Directory.GetDirectories(Root).Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (folder is null)
        {
            Installed.Missing("PostgreSQL is not installed (Debian: apt-get install postgresql)");
        }

        return folder!;
    }
}
