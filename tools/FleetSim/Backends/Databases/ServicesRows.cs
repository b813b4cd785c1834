using System.Data.Common;
using System.Globalization;
using System.Text;
using LivenessEngine.Database.Dialects;

namespace LivenessEngine.Tools.FleetSim.Backends.Databases;

/// <summary>Nova's table with a row for each node: the id is the node's number and one more.</summary>
internal static class ServicesRows
{
    private const int AtOnce = 1000;

    public static int IdOf(int node) => node + 1;

    public static int NodeOf(int id) => id - 1;

    public static async Task FillAsync(ISqlDialect dialect, string? schema, int nodes)
    {
        await using DbConnection connection = await dialect.OpenAsync(CancellationToken.None);
        if (schema is not null)
        {
            await ExecuteAsync(connection, _ => schema);
        }

        for (int first = 0; first < nodes; first += AtOnce)
        {
            int from = first;
            await ExecuteAsync(connection, command => Insert(dialect, command, from, Math.Min(AtOnce, nodes - from)));
        }
    }

    /// <summary>All have been seen now.</summary>
    public static async Task RefreshAsync(ISqlDialect dialect)
    {
        await using DbConnection connection = await dialect.OpenAsync(CancellationToken.None);
        await ExecuteAsync(connection, command =>
        {
            string now = dialect.Now(command);
            return $"UPDATE services SET last_seen_up = {now}, updated_at = {now}";
        });
    }

    private static string Insert(ISqlDialect dialect, DbCommand command, int first, int count)
    {
        string now = dialect.Now(command);
        var text = new StringBuilder("INSERT INTO services (id, created_at, host, ")
            .Append(dialect.BinaryColumn)
            .Append(", topic, report_count, disabled, deleted, forced_down, version, uuid) VALUES ");
        for (int node = first; node < first + count; node++)
        {
            text.Append(node == first ? "" : ", ").Append(
                CultureInfo.InvariantCulture,
                $"({IdOf(node)}, {now}, '{Nodes.NameOf(node)}', 'nova-compute', '{Fleet.Group}', 0, false, 0, false, 61, '{Guid.NewGuid()}')");
        }

        return text.ToString();
    }

    private static async Task ExecuteAsync(DbConnection connection, Func<DbCommand, string> text)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandTimeout = 300;
        command.CommandText = text(command);
        await command.ExecuteNonQueryAsync();
    }
}
