namespace LivenessEngine.Tools.Instruments.Databases;

internal sealed class PostgreSqlServer : DatabaseServer
{
    private const string Root = "/usr/lib/postgresql";

    /// <summary>Where its programs are; null where it is not installed.</summary>
    public static string? Binaries { get; } = Directory.Exists(Root)
        ? Directory.GetDirectories(Root).Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    public override string Url => $"postgresql://nova@/postgres?host={this[""].TrimEnd('/')}";

    protected override string? SchemaFile => "postgresql.sql";

    protected override string User => "postgres";

    // A fast shutdown: it does not wait for clients to leave.
    protected override int EndSignal => Signals.Interrupt;

    protected override Task InitializeAsync() => RunAsServerAsync(Path.Combine(Binaries!, "initdb"), "-D", this["data"], "-U", "nova", "-A", "trust");

    protected override string[] Command()
        => [Path.Combine(Binaries!, "postgres"), "-D", this["data"], "-k", this[""].TrimEnd('/'), "-c", "listen_addresses=", "-c", "max_connections=300"];

    protected override async Task<bool> AnswersAsync()
        => (await RunAsync([Path.Combine(Binaries!, "psql"), "-h", this[""].TrimEnd('/'), "-U", "nova", "-c", "SELECT 1", "postgres"])).ExitCode == 0;
}
