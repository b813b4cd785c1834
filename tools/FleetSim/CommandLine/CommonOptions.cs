using System.CommandLine;
using System.Diagnostics;

namespace LivenessEngine.Tools.FleetSim.CommandLine;

/// <summary>What both commands take.</summary>
internal sealed class CommonOptions
{
    public Option<string> Memcached { get; } = new("--memcached") { Description = "The memcached to compare with", DefaultValueFactory = _ => "memcached" };

    public Option<string?> Liveness { get; } = new("--liveness") { Description = "The daemon (default: the one built beside this)" };

    public Option<string?> ServerCpu { get; } = new("--server-cpu") { Description = "The core that servers run on" };

    public Option<int?> LoadCpu { get; } = new("--load-cpu") { Description = "The core that this runs on" };

    public Option<int> Connections { get; } = new("--connections") { Description = "Sockets of the nodes; 0 for one each, up to 10,000" };

    public Option<int> Pool { get; } = new("--pool") { Description = "Connections of Nova's conductors to the database", DefaultValueFactory = _ => 16 };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Memcached, Liveness, ServerCpu, LoadCpu, Connections, Pool])
        {
            command.Add(option);
        }
    }

    /// <summary>Stays on the core that it was given.</summary>
    public void Pin(ParseResult parsed)
    {
        if (parsed.GetValue(LoadCpu) is { } core && OperatingSystem.IsLinux())
        {
            Process.GetCurrentProcess().ProcessorAffinity = 1 << core;
        }
    }
}
