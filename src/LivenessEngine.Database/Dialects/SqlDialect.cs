using LivenessEngine.Database.Urls;

namespace LivenessEngine.Database.Dialects;

internal static class SqlDialect
{
    /// <summary>Makes what speaks to the database of some options. Nothing is connected to yet.</summary>
    /// <param name="time">This host's clock.</param>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it and what is.</exception>
    public static ISqlDialect From(DatabaseOptions options, TimeProvider time)
    {
        (DatabaseOptions valid, DatabaseUrl url) = options.Validated();
        TimeProvider? clock = valid.Clock == DatabaseClock.Host ? time : null;
        TimeSpan lockTimeout = valid.CommandTimeout / 2;
        try
        {
            return url.Kind switch
            {
                DatabaseKind.Sqlite => new SqliteDialect(SqliteTarget.From(url, valid), time),
                DatabaseKind.PostgreSql => new PostgreSqlDialect(PostgreSqlConnection.From(url, valid), lockTimeout, clock),
                _ => new MySqlDialect(MySqlConnectionOptions.From(url, valid), lockTimeout, clock),
            };
        }
        catch (FormatException fault)
        {
            throw DatabaseOptions.WrongUrl(fault);
        }
    }
}
