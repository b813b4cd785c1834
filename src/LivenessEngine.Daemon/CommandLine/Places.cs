using LivenessEngine.Configuration;
using LivenessEngine.Database.Services;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Client;
using LivenessEngine.ServiceGroups;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>Where "status" and "join" find heartbeats: at a daemon, or where Nova's configuration says.</summary>
internal static class Places
{
    /// <param name="files">Nova's configuration; a later file counts before an earlier one.</param>
    /// <param name="reportInterval">Instead of the configured one; null for that.</param>
    /// <exception cref="UsageException">The configuration keeps heartbeats inside each process.</exception>
    /// <exception cref="ServiceGroupConfigurationException">An option is wrong; the message names it and what is allowed.</exception>
    public static ServiceGroup FromConfiguration(IEnumerable<string> files, TimeSpan? reportInterval = null)
    {
        var factory = new ServiceGroupFactory([new MemcachedStoreFactory(), new ServicesTableStoreFactory()]);
        ServiceGroupConfiguration settings = ServiceGroupConfiguration.Read(Configuration(files));
        settings = settings with { ReportInterval = reportInterval ?? settings.ReportInterval };
        ServiceGroup services = factory.Create(settings, new ServiceGroupOptions(), NullLogger.Instance);
        if (services.IsInProcess)
        {
            services.Dispose();
            throw new UsageException(
                $"{string.Join(", ", files)}: servicegroup_driver is mc and memcached_servers is <None>: heartbeats stay inside each process, and there is nobody to ask. "
                + "Name servers, or use servicegroup_driver = db.");
        }

        return services;
    }

    /// <summary>A daemon, or a memcached: members stand under their plain keys there.</summary>
    /// <exception cref="FormatException">It is no address; the message names it and what is allowed.</exception>
    public static ServiceGroup FromServer(string server, TimeSpan reportInterval)
    {
        // Here, where the message speaks of the address only: the options call it by a name of theirs.
        ServerAddress.Parse(server);
        var options = new MemcachedOptions { KeyForm = MemcachedKeyForm.Plain, DeadRetry = TimeSpan.Zero };
        options.Servers.Add(server);
        return MemcachedServiceGroup.Create(options, new ServiceGroupOptions { ReportInterval = reportInterval });
    }

    public static IConfiguration Configuration(IEnumerable<string> files)
    {
        var builder = new ConfigurationBuilder();
        foreach (string file in files)
        {
            builder.AddNovaConfigFile(file);
        }

        return builder.Build();
    }
}
