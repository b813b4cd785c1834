using System.Data.Common;
using System.Globalization;
using LivenessEngine.Database.Dialects;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Database.Services;

/// <summary>Reads rows of the <c>services</c> table, together with the time at which they were read.</summary>
internal static class RowReader
{
    public static string Columns(ISqlDialect dialect, DbCommand command)
        => $"id, host, {dialect.BinaryColumn}, topic, uuid, version, report_count, disabled, disabled_reason, forced_down, "
            + $"created_at, updated_at, last_seen_up, {dialect.Now(command)} AS present";

    public static async Task<List<ServiceRow>> ReadAsync(ISqlDialect dialect, DbCommand command, CancellationToken cancellationToken)
    {
        var rows = new List<ServiceRow>();
        DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(Read(dialect, reader));
            }
        }

        return rows;
    }

    private static ServiceRow Read(ISqlDialect dialect, DbDataReader reader)
    {
        DateTime? created = dialect.ReadTime(reader, 10);
        DateTime? lastSeen = dialect.ReadTime(reader, 12);
        var service = new ServiceRecord(
            Number(reader, 0),
            Text(reader, 1) ?? "",
            Text(reader, 2) ?? "",
            Text(reader, 3) ?? "",
            Text(reader, 4),
            checked((int)Number(reader, 5)),
            checked((int)Number(reader, 6)),
            Number(reader, 7) != 0,
            Text(reader, 8),
            Number(reader, 9) != 0,
            Utc(created),
            Utc(dialect.ReadTime(reader, 11)));
        TimeSpan? age = dialect.ReadTime(reader, 13) - (lastSeen ?? created);
        return new ServiceRow(service, new Evidence(age, Utc(lastSeen), service));
    }

    private static string? Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    // Whole numbers and truth values come in several types; none is zero.
    private static long Number(DbDataReader reader, int column)
        => reader.IsDBNull(column) ? 0 : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    private static DateTimeOffset? Utc(DateTime? time) => time is { } value ? new DateTimeOffset(value.Ticks, TimeSpan.Zero) : null;
}
