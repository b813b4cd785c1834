using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using LivenessEngine.Database;
using LivenessEngine.Database.Dialects;
using LivenessEngine.Tools.Instruments.Databases;

namespace LivenessEngine.Tools.FleetSim.Backends.Databases;

/// <summary>
/// A database as Nova uses it: the conductors' workers take a heartbeat at a time and write each by an UPDATE, a transaction of
/// its own, with their own time; a scheduler reads all rows.
/// </summary>
internal sealed class NovaBackend(Fleet fleet) : IBackend
{
    private readonly Channel<int> _due = Channel.CreateUnbounded<int>();
    private readonly List<DbConnection> _connections = [];
    private readonly List<Task> _workers = [];
    private readonly List<(int Node, bool IsForcedDown, DateTime? Seen, DateTime? Updated, DateTime? Created)> _rows = new(fleet.Options.Nodes);
    private DatabaseServer? _server;
    private ISqlDialect? _dialect;
    private DbConnection? _asking;

    public int Connections => fleet.Options.Pool;

    public async Task StartAsync()
    {
        _server = await DatabaseServer.StartAsync(fleet.Options.Database, fleet.Options.ServerCpu);
        _dialect = SqlDialect.From(
            new DatabaseOptions { ConnectionUrl = _server.Url, Clock = DatabaseClock.Host, CommandTimeout = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        await ServicesRows.FillAsync(_dialect, _server.Schema, fleet.Options.Nodes);
        _asking = await _dialect.OpenAsync(CancellationToken.None);
        for (int i = 0; i < Connections; i++)
        {
            DbConnection connection = await _dialect.OpenAsync(CancellationToken.None);
            _connections.Add(connection);
            _workers.Add(Task.Run(() => WorkAsync(connection)));
        }

        await ServicesRows.RefreshAsync(_dialect);
    }

    public void Beat(int node) => _due.Writer.TryWrite(node);

    public void Turn(TimeSpan until)
    {
        TimeSpan left = until - fleet.Clock.Now;
        if (left > TimeSpan.Zero)
        {
            Thread.Sleep(left);
        }
    }

    public void Ask()
    {
        TimeSpan asked = fleet.Clock.Now;
        Read();
        TimeSpan answered = fleet.Clock.Now;
        DateTime now = DateTime.UtcNow;
        foreach ((int node, bool isForcedDown, DateTime? seen, DateTime? updated, DateTime? created) in _rows)
        {
            bool isUp = Judging.NovaVerdict.OfRow(seen, updated, created, isForcedDown, now, fleet.Options.ServiceDownTime);
            fleet.Oracle.Judge(node, isUp, asked, answered);
        }
    }

    // SQLite works inside of this process.
    public TimeSpan Cpu() => _server!.Id == 0 ? Environment.CpuUsage.TotalTime : ProcessFamily.Cpu(_server.Id);

    public long ResidentBytes() => ProcessFamily.ResidentBytes(_server!.Id == 0 ? Environment.ProcessId : _server.Id);

    public async ValueTask DisposeAsync()
    {
        _due.Writer.TryComplete();
        while (_due.Reader.TryRead(out _))
        {
            // What was not begun by now is not asked for any more.
        }

        await Task.WhenAll(_workers);
        foreach (DbConnection connection in _connections)
        {
            await connection.DisposeAsync();
        }

        if (_asking is not null)
        {
            await _asking.DisposeAsync();
        }

        if (_dialect is not null)
        {
            await _dialect.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task WorkAsync(DbConnection connection)
    {
        await foreach (int node in _due.Reader.ReadAllAsync())
        {
            // A node that has died meanwhile takes its report with it.
            if (!fleet.Oracle.IsAlive(node))
            {
                fleet.Book.Drop(node);
                continue;
            }

            fleet.Book.Sent(node);
            try
            {
                await using DbCommand update = connection.CreateCommand();
                string now = _dialect!.Now(update);
                update.CommandText = string.Create(
                    CultureInfo.InvariantCulture,
                    $"UPDATE services SET updated_at = {now}, report_count = report_count + 1, last_seen_up = {now} WHERE id = {ServicesRows.IdOf(node)}");
                await update.ExecuteNonQueryAsync();
                fleet.Book.Accept(node);
            }
            catch (DbException)
            {
                fleet.Book.Fail(node);
            }
        }
    }

    // All the columns that Nova's objects have, as a scheduler asks for them.
    private void Read()
    {
        _rows.Clear();
        using DbCommand select = _asking!.CreateCommand();
        select.CommandTimeout = 300;
        select.CommandText = "SELECT id, forced_down, last_seen_up, updated_at, created_at, host, topic, report_count, disabled, disabled_reason, version, uuid, "
            + $"{_dialect!.BinaryColumn} FROM services WHERE deleted = 0";
        using DbDataReader reader = select.ExecuteReader();
        while (reader.Read())
        {
            _rows.Add((
                ServicesRows.NodeOf(reader.GetInt32(0)),
                Convert.ToBoolean(reader.GetValue(1), CultureInfo.InvariantCulture),
                _dialect.ReadTime(reader, 2),
                _dialect.ReadTime(reader, 3),
                _dialect.ReadTime(reader, 4)));
        }
    }
}
