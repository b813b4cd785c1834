using System.CommandLine;
using LivenessEngine.Tools.Faults.Scenarios;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.CommandLine;

/// <summary>What all commands take.</summary>
internal sealed class CommonOptions
{
    public Option<string?> Liveness { get; } = new("--liveness") { Description = "The daemon (default: the one built beside this)" };

    public Option<string> Memcached { get; } = new("--memcached") { Description = "The memcached to compare with", DefaultValueFactory = _ => "memcached" };

    public Option<int?> Members { get; } = new("--members") { Description = "Members of the fleet" };

    public Option<int?> Connections { get; } = new("--connections") { Description = "Their sockets; 0 for one each" };

    public Option<string?> ServerCpu { get; } = new("--server-cpu") { Description = "The core that servers run on" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Liveness, Memcached, Members, Connections, ServerCpu])
        {
            command.Add(option);
        }
    }

    public ServerProgram LivenessOf(ParseResult parsed) => ServerProgram.Liveness(parsed.GetValue(Liveness) ?? Checkout.Daemon);

    public ServerProgram MemcachedOf(ParseResult parsed) => ServerProgram.Memcached(parsed.GetValue(Memcached)!);

    /// <summary>One run's options, where nothing else is asked for.</summary>
    public RunOptions RunOf(ParseResult parsed, ServerProgram program, int members, int connections)
    {
        members = parsed.GetValue(Members) ?? members;
        int asked = parsed.GetValue(Connections) ?? connections;
        return new RunOptions
        {
            Program = program,
            Members = members,
            Connections = asked == 0 ? members : Math.Min(asked, members),
            ServerCpu = parsed.GetValue(ServerCpu),
        };
    }
}
