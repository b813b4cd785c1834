using System.Globalization;
using LivenessEngine.Database.Urls;

namespace LivenessEngine.Database;

/// <summary>Where Nova's <c>services</c> table is, and how it is spoken to. Read once, when a service group is made over it.</summary>
public sealed class DatabaseOptions
{
    /// <summary>
    /// The database as an SQLAlchemy URL, Nova's <c>[database] connection</c>: <c>sqlite:////path/nova.sqlite</c>,
    /// <c>mysql+pymysql://user:password@host/nova</c>, <c>postgresql://user:password@host/nova</c>. No default.
    /// </summary>
    public string ConnectionUrl { get; set; } = "";

    /// <summary>Whose clock counts. Default <see cref="DatabaseClock.Server"/>.</summary>
    public DatabaseClock Clock { get; set; } = DatabaseClock.Server;

    /// <summary>
    /// How long to wait for a connection. 1 s to 5 min, in whole seconds. Default 5 s: well within Nova's
    /// <c>service_down_time</c> of 60 s. An option of the URL (<c>connect_timeout</c>) wins.
    /// </summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long to wait for the answer to one statement. 1 s to 5 min, in whole seconds. Default 5 s. A row that somebody
    /// else has locked is waited for half as long, and tried for again.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many rows one statement writes at the most. 1 to 1,000. Default 500 (bench/databases.sh: beyond that little is gained, and locks are held the longer).</summary>
    public int RowsPerStatement { get; set; } = 500;

    /// <summary>Checks every option; returns a copy that nobody else changes, and the URL taken apart.</summary>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it and what is.</exception>
    internal (DatabaseOptions Options, DatabaseUrl Url) Validated()
    {
        var valid = (DatabaseOptions)MemberwiseClone();
        Check(valid.ConnectTimeout, nameof(ConnectTimeout));
        Check(valid.CommandTimeout, nameof(CommandTimeout));
        if (!Enum.IsDefined(valid.Clock))
        {
            throw new ArgumentOutOfRangeException(nameof(Clock), valid.Clock, $"{nameof(Clock)} is {valid.Clock}; allowed are {nameof(DatabaseClock.Server)} and {nameof(DatabaseClock.Host)}.");
        }

        if (valid.RowsPerStatement is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(
                nameof(RowsPerStatement), valid.RowsPerStatement, $"{nameof(RowsPerStatement)} is {valid.RowsPerStatement}; allowed is 1 to 1000.");
        }

        try
        {
            return (valid, DatabaseUrl.Parse(valid.ConnectionUrl));
        }
        catch (FormatException fault)
        {
            throw WrongUrl(fault);
        }
    }

    internal static ArgumentException WrongUrl(FormatException fault) => new($"{nameof(ConnectionUrl)}: {fault.Message}", fault);

    private static void Check(TimeSpan value, string option)
    {
        // The clients count whole seconds, and take zero for ever.
        if (value < TimeSpan.FromSeconds(1) || value > TimeSpan.FromMinutes(5) || value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentOutOfRangeException(
                option, value, string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; allowed is 1 s to 5 min, in whole seconds."));
        }
    }
}
