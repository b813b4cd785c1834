using System.Data.Common;
using System.Globalization;
using LivenessEngine.Database.Services;
using LivenessEngine.Testing;
using Microsoft.Data.Sqlite;

namespace LivenessEngine.Database.Tests.Servers;

/// <summary>A database of a test's own, with Nova's table in it, and the stores that the test makes over it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static int s_last;

    private readonly TemporaryFolder? _folder;
    private readonly DatabaseServer? _server;
    private readonly string _name = $"nova{Interlocked.Increment(ref s_last)}";
    private readonly List<ServicesTableStore> _stores = [];

    private TestDatabase(TemporaryFolder? folder, DatabaseServer? server)
    {
        _folder = folder;
        _server = server;
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Url => _server?.Url(_name) ?? $"sqlite:///{File}";

    /// <summary>The SQLite file.</summary>
    public string File => _folder!["nova.sqlite"];

    public DatabaseServer Server => _server!;

    public string Binary => _server is MariaDbServer ? "`binary`" : "\"binary\"";

    /// <summary>The present, as the server has it.</summary>
    public string Now => _server switch
    {
        null => "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
        MariaDbServer => "UTC_TIMESTAMP(6)",
        _ => "timezone('utc', clock_timestamp())",
    };

    public static async Task<TestDatabase> CreateAsync(string kind, bool withTable = true)
    {
        if (kind == Databases.Sqlite)
        {
            var database = new TestDatabase(new TemporaryFolder(), null);
            if (withTable)
            {
                // As Nova's db sync leaves it: with the journal that SQLite has by itself.
                await database.ExecuteAsync(await System.IO.File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Schema", "sqlite.sql"), Cancellation));
            }

            return database;
        }

        var served = new TestDatabase(null, await SharedServers.OfAsync(kind));
        await served.Server.CreateDatabaseAsync(served._name, withTable);
        return served;
    }

    public DatabaseOptions Options(Action<DatabaseOptions>? configure = null)
    {
        var options = new DatabaseOptions { ConnectionUrl = Url, ConnectTimeout = TimeSpan.FromSeconds(2), CommandTimeout = TimeSpan.FromSeconds(2) };
        configure?.Invoke(options);
        return options;
    }

    public ServicesTableStore Store(Action<DatabaseOptions>? configure = null, TimeProvider? time = null)
    {
        var store = new ServicesTableStore(Options(configure), time ?? TimeProvider.System);
        _stores.Add(store);
        return store;
    }

    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = _server?.Connect(_name)
            ?? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File, Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    public async Task<int> ExecuteAsync(string text)
    {
        await using DbConnection connection = await OpenAsync();
        return await ExecuteAsync(connection, text);
    }

    public static async Task<int> ExecuteAsync(DbConnection connection, string text, DbTransaction? transaction = null)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The first value of a query as a text; null for NULL and for nothing.</summary>
    public async Task<string?> ValueAsync(string query)
    {
        await using DbConnection connection = await OpenAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = query;
        object? value = await command.ExecuteScalarAsync(Cancellation);
        return value switch
        {
            null or DBNull => null,
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
            bool flag => flag ? "1" : "0",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    public async Task<long> NumberAsync(string query) => long.Parse((await ValueAsync(query))!, CultureInfo.InvariantCulture);

    public Task<long> CountOfAsync(string host) => NumberAsync($"SELECT report_count FROM services WHERE host = '{host}' AND deleted = 0");

    public async ValueTask DisposeAsync()
    {
        foreach (ServicesTableStore store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder?.Dispose();
    }
}
