using System.Data.Common;
using LivenessEngine.Testing;

namespace LivenessEngine.Database.Tests.Servers;

/// <summary>A database server of the tests' own: in a temporary folder, on a free port of the loopback address.</summary>
internal abstract class DatabaseServer : IAsyncDisposable
{
    public const string User = "nova";
    public const string Password = "p@ss:w/rd%";

    private ChildProcess? _process;

    /// <summary>The password as a URL has it.</summary>
    public static string EscapedPassword { get; } = Uri.EscapeDataString(Password);

    public int Port { get; } = FreePort.Next();

    /// <summary>Its folder, which is the server's user's where the tests run as root.</summary>
    protected TemporaryFolder Folder { get; } = new();

    protected abstract string Program { get; }

    /// <summary>The user that the server runs as, where the tests run as root.</summary>
    protected abstract string ServerUser { get; }

    public abstract string Url(string database);

    /// <summary>A connection of the tests' own, not from the pool.</summary>
    public abstract DbConnection Connect(string database);

    public abstract Task CreateDatabaseAsync(string database, bool withTable);

    protected abstract Task InitializeAsync();

    protected abstract IEnumerable<string> Arguments();

    /// <summary>Makes its files and starts it.</summary>
    public async Task BeginAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [ServerUser, Folder.Path], asServer: false);
        }

        await InitializeAsync();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        (string program, IEnumerable<string> arguments) = AsServer(Program, Arguments());
        _process = ChildProcess.Start(program, arguments, Folder.Path);
        await Eventually.True(AnswersAsync, $"{Program} answers: {_process.Error}");
    }

    /// <summary>Ends it as a loss of power does.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>It keeps its connections, takes new ones by its kernel, and answers nothing; or goes on.</summary>
    public async Task FreezeAsync(bool freeze)
    {
        // All of its processes: PostgreSQL has one for each connection.
        foreach (int process in Family(_process!.Id))
        {
            Signals.Send(process, freeze ? Signals.Stop : Signals.Continue);
        }

        await Eventually.True(() => Family(_process.Id).All(process => IsFrozen(process) != !freeze), freeze ? "it is frozen" : "it goes on");
    }

    public async Task ExecuteAsync(string database, string text)
    {
        await using DbConnection connection = Connect(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Folder.Dispose();
    }

    protected static string Schema(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schema", name));

    protected async Task RunAsync(string program, IEnumerable<string> arguments, bool asServer = true)
    {
        (program, arguments) = asServer ? AsServer(program, arguments) : (program, arguments);
        ChildProcess process = await ChildProcess.RunAsync(program, arguments, Folder.Path);
        Assert.True(process.ExitCode == 0, $"{program}: {process.Output}{process.Error}");
    }

    private static IEnumerable<int> Family(int process)
        => File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Append(process);

    // Null for one that has ended since: its work was done.
    private static bool? IsFrozen(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            return null;
        }
    }

    // Neither server runs as root. setpriv becomes the server, so the process is the server's own.
    private (string Program, IEnumerable<string> Arguments) AsServer(string program, IEnumerable<string> arguments)
        => Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid", ServerUser, "--regid", ServerUser, "--clear-groups", program, .. arguments])
            : (program, arguments);

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, $"{Program} has ended: {_process.Output}{_process.Error}");
        try
        {
            await using DbConnection connection = Connect("");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }
}
