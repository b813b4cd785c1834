using Microsoft.Extensions.Configuration;

namespace LivenessEngine.Configuration;

/// <summary>What the options that Nova's operators know ask for.</summary>
/// <param name="Driver"><c>[DEFAULT] servicegroup_driver</c>: db (default) or mc.</param>
/// <param name="ServiceDownTime"><c>[DEFAULT] service_down_time</c>, 60 s.</param>
/// <param name="ReportInterval"><c>[DEFAULT] report_interval</c>, 10 s.</param>
/// <param name="Memcached">The memcached servers of driver mc; null for in-process caching.</param>
/// <param name="DatabaseUrl"><c>[database] connection</c>, an SQLAlchemy URL; null if there is none.</param>
internal sealed record ServiceGroupConfiguration(
    ServiceGroupDriver Driver,
    TimeSpan ServiceDownTime,
    TimeSpan ReportInterval,
    MemcachedConfiguration? Memcached,
    string? DatabaseUrl)
{
    /// <summary>Where the URL stands, for messages: it may hold a password, and is not shown itself.</summary>
    public string? DatabasePlace { get; init; }

    /// <exception cref="ServiceGroupConfigurationException">An option is wrong; the message names it and what is allowed.</exception>
    public static ServiceGroupConfiguration Read(IConfiguration configuration)
    {
        var reader = new OptionReader(configuration);
        const string section = OptionReader.DefaultSection;
        string? url = reader.Text("database", "connection") is { Length: > 0 } text ? text : null;
        ServiceGroupDriver driver = reader.Choice(
            section, "servicegroup_driver", ServiceGroupDriver.Database, ("db", ServiceGroupDriver.Database), ("mc", ServiceGroupDriver.Memcached));
        return new ServiceGroupConfiguration(
            driver,
            TimeSpan.FromSeconds(reader.Integer(section, "service_down_time", 60, 1, 365 * 86_400)),
            TimeSpan.FromSeconds(reader.Integer(section, "report_interval", 10, 1, 86_400)),

            // With db, Nova's cache holds other things, and may be none that is known here.
            driver == ServiceGroupDriver.Memcached ? MemcachedConfiguration.Read(reader) : null,
            url)
        {
            DatabasePlace = url is null ? null : reader.PlaceOf("database", "connection"),
        };
    }
}
