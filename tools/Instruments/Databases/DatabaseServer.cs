using System.Diagnostics;

namespace LivenessEngine.Tools.Instruments.Databases;

/// <summary>
/// A database server of a run's own: in a temporary folder, behind a unix socket, with the durability that it has by itself.
/// </summary>
internal abstract class DatabaseServer : IAsyncDisposable
{
    public const string PostgreSql = "postgresql";
    public const string MariaDb = "mariadb";
    public const string Sqlite = "sqlite";

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("db-").FullName;
    private ChildServer? _server;

    public static IReadOnlyList<string> Names { get; } = [PostgreSql, MariaDb, Sqlite];

    /// <summary>The database as nova.conf names it.</summary>
    public abstract string Url { get; }

    /// <summary>The server's process; 0 for SQLite, which works inside of this one.</summary>
    public int Id => _server?.Id ?? 0;

    protected string this[string file] => Path.Combine(_folder, file);

    /// <summary>The file with Nova's table as this database has it; null where our driver makes it itself.</summary>
    protected abstract string? SchemaFile { get; }

    /// <summary>The user that it runs as, where this runs as root.</summary>
    protected abstract string User { get; }

    protected abstract int EndSignal { get; }

    /// <summary>What Nova's table is made by; null where it need not be made.</summary>
    public string? Schema => SchemaFile is null ? null : File.ReadAllText(Path.Combine(Checkout.Root, "tests", "LivenessEngine.Database.Tests", "Schema", SchemaFile));

    /// <summary>Whether what a database needs is installed.</summary>
    public static bool IsInstalled(string name) => name switch
    {
        PostgreSql => PostgreSqlServer.Binaries is not null,
        MariaDb => MariaDbServer.Program is not null,
        _ => true,
    };

    /// <summary>Makes its files and starts it.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="cpu">The core to run on; null for any.</param>
    /// <exception cref="InvalidDataException">It is not installed, or does not start.</exception>
    public static async Task<DatabaseServer> StartAsync(string name, string? cpu)
    {
        DatabaseServer server = !IsInstalled(name)
            ? throw new InvalidDataException($"{name} is not installed")
            : name switch { PostgreSql => new PostgreSqlServer(), MariaDb => new MariaDbServer(), Sqlite => new SqliteFile(), _ => throw new InvalidDataException($"'{name}' is no database that is known here") };
        try
        {
            await server.StartAsync(cpu);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    protected abstract Task InitializeAsync();

    /// <summary>The server's command line; empty where there is no server.</summary>
    protected abstract string[] Command();

    /// <summary>Whether it can be asked.</summary>
    protected abstract Task<bool> AnswersAsync();

    /// <summary>Runs a program to its end; its exit code and what it printed.</summary>
    protected static async Task<(int ExitCode, string Printed)> RunAsync(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        using Process process = Process.Start(start) ?? throw new InvalidDataException($"{command[0]} did not start");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, printed + await error);
    }

    /// <summary>The same, as the server's user; an exit code that is not 0 is an error.</summary>
    protected async Task RunAsServerAsync(params string[] command)
    {
        (int code, string printed) = await RunAsync(AsServer(command));
        if (code != 0)
        {
            throw new InvalidDataException($"{command[0]} ended with exit code {code}: {printed}");
        }
    }

    private async Task StartAsync(string? cpu)
    {
        if (Environment.IsPrivilegedProcess && User.Length > 0)
        {
            await RunAsync(["chown", User, _folder]);
        }

        await InitializeAsync();
        string[] command = Command();
        if (command.Length > 0)
        {
            _server = ChildServer.Start(AsServer(command), cpu, EndSignal);
            await UntilItAnswersAsync(_server);
        }
    }

    // Neither server runs as root. setpriv becomes the server, so the process is the server's own.
    private string[] AsServer(string[] command)
        => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", .. command] : command;

    private async Task UntilItAnswersAsync(ChildServer server)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < StartTime; await Task.Delay(50))
        {
            if (server.HasExited)
            {
                throw new InvalidDataException($"the database has ended: {server.Printed}");
            }

            if (await AnswersAsync())
            {
                return;
            }
        }

        throw new InvalidDataException($"the database does not answer: {server.Printed}");
    }
}
