namespace LivenessEngine.Tools.Instruments.Databases;

internal sealed class MariaDbServer : DatabaseServer
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec"];

    /// <summary>The server; null where it is not installed.</summary>
    public static string? Program { get; } = Folders.Select(folder => Path.Combine(folder, "mariadbd")).FirstOrDefault(File.Exists);

    public override string Url => $"mysql+pymysql://nova@localhost/nova?unix_socket={this["s"]}";

    protected override string? SchemaFile => "mariadb.sql";

    protected override string User => "mysql";

    protected override int EndSignal => Signals.Terminate;

    protected override async Task InitializeAsync()
    {
        // With a folder for its temporary tables: in a shared one, two of these at a time take each other's.
        await RunAsServerAsync(
            "mariadb-install-db", "--no-defaults", $"--datadir={this["data"]}", $"--tmpdir={this[""]}", "--auth-root-authentication-method=normal", "--skip-test-db");
        await File.WriteAllTextAsync(
            this["init.sql"],
            "CREATE USER nova@localhost;\nGRANT ALL ON *.* TO nova@localhost;\nCREATE DATABASE nova CHARACTER SET utf8mb3;\n");
    }

    protected override string[] Command() =>
    [
        Program!, "--no-defaults", $"--datadir={this["data"]}", $"--socket={this["s"]}", $"--pid-file={this["pid"]}", "--skip-networking",
        $"--init-file={this["init.sql"]}", $"--tmpdir={this[""]}", "--max-connections=300",
    ];

    protected override async Task<bool> AnswersAsync()
        => (await RunAsync(["mariadb", "--no-defaults", "-u", "nova", $"--socket={this["s"]}", "-e", "SELECT 1", "nova"])).ExitCode == 0;
}
