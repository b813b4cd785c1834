using System.Data.Common;
using System.Globalization;
using LivenessEngine.Testing;
using MySqlConnector;

namespace LivenessEngine.Database.Tests.Servers;

internal sealed class MariaDbServer : DatabaseServer
{
    private readonly string _program = Installed.Find("mariadbd", "mariadb-server");
    private readonly string _install = Installed.Find("mariadb-install-db", "mariadb-server");

    protected override string Program => _program;

    protected override string ServerUser => "mysql";

    public override string Url(string database)
        => string.Create(CultureInfo.InvariantCulture, $"mysql+pymysql://{User}:{EscapedPassword}@127.0.0.1:{Port}/{database}?charset=utf8");

    public override DbConnection Connect(string database) => new MySqlConnection(new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1",
        Port = (uint)Port,
        UserID = User,
        Password = Password,
        Database = database,
        Pooling = false,
        AllowUserVariables = true,
        ConnectionTimeout = 5,
    }.ConnectionString);

    public override async Task CreateDatabaseAsync(string database, bool withTable)
    {
        await ExecuteAsync("", $"CREATE DATABASE {database} CHARACTER SET utf8mb3");
        if (withTable)
        {
            await ExecuteAsync(database, Schema("mariadb.sql"));
        }
    }

    protected override async Task InitializeAsync()
    {
        await RunAsync(_install, ["--no-defaults", $"--datadir={Folder["data"]}", $"--tmpdir={Folder.Path}", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        string file = Folder["init.sql"];
        await File.WriteAllTextAsync(
            file,
            $"CREATE USER IF NOT EXISTS '{User}'@'%' IDENTIFIED BY '{Password}';\nGRANT ALL PRIVILEGES ON *.* TO '{User}'@'%' WITH GRANT OPTION;\nDROP USER IF EXISTS ''@'localhost';\n");
    }

    protected override IEnumerable<string> Arguments() =>
    [
        "--no-defaults", $"--datadir={Folder["data"]}", $"--socket={Folder["s"]}", $"--pid-file={Folder["pid"]}", $"--init-file={Folder["init.sql"]}",
        string.Create(CultureInfo.InvariantCulture, $"--port={Port}"), "--bind-address=127.0.0.1", "--innodb-flush-log-at-trx-commit=2",
        "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M", "--skip-log-bin", "--skip-name-resolve",
    ];
}
