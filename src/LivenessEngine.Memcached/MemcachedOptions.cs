using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Memcached;

/// <summary>Options of a service group whose heartbeats are kept on memcached servers. Read once, when it is made.</summary>
public sealed class MemcachedOptions
{
    private const int MostServers = 1000;

    /// <summary>
    /// The servers: <c>host</c>, <c>host:port</c>, <c>[v6]:port</c> or <c>unix:/path</c>. 1 to 1,000, none twice; all who
    /// share them have to list them alike, in one order. No default.
    /// </summary>
    public IList<string> Servers { get; } = [];

    /// <summary>Which server a key belongs to. Default crc32, as Nova's default does.</summary>
    public MemcachedPlacement Placement { get; set; } = MemcachedPlacement.Crc32;

    /// <summary>How a member is spelled as a key. Default SHA-1, as Nova does.</summary>
    public MemcachedKeyForm KeyForm { get; set; } = MemcachedKeyForm.Sha1;

    /// <summary>What a heartbeat is written as. Default what Nova reads.</summary>
    public MemcachedValueForm ValueForm { get; set; } = MemcachedValueForm.Nova;

    /// <summary>
    /// How long to wait for a connection, and for the next reply on it. 1 ms to 1 hour. Default 1 s, oslo.cache's
    /// <c>memcache_socket_timeout</c>. A call as a whole, however many replies it needs, waits ten times as long at the most.
    /// </summary>
    public TimeSpan SocketTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a server that failed is left alone while others live. Zero to 1 day. Default 30 s, python-memcached's; that of
    /// oslo.cache's <c>memcache_dead_retry</c> is 300 s. When no server lives all are tried with every call.
    /// </summary>
    public TimeSpan DeadRetry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Connections to a server at a time; further calls wait for one, no longer than <see cref="SocketTimeout"/>. 1 to 1,024.
    /// Default 10, oslo.cache's <c>memcache_pool_maxsize</c>.
    /// </summary>
    public int PoolSize { get; set; } = 10;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is not allowed; the message names it, its value and what is allowed.</exception>
    internal ServerNode[] Validate()
    {
        CheckName(Placement, nameof(Placement));
        CheckName(KeyForm, nameof(KeyForm));
        CheckName(ValueForm, nameof(ValueForm));
        Check(SocketTimeout, nameof(SocketTimeout), TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        Check(DeadRetry, nameof(DeadRetry), TimeSpan.Zero, TimeSpan.FromDays(1));
        Check(PoolSize, nameof(PoolSize), 1, 1024);
        if (Servers.Count is 0 or > MostServers)
        {
            throw new ArgumentException(
                $"Servers has {Servers.Count}; allowed is a list of 1 to {MostServers} of host, host:port, [v6]:port and unix:/path.", nameof(Servers));
        }

        var nodes = new ServerNode[Servers.Count];
        for (int i = 0; i < nodes.Length; i++)
        {
            try
            {
                nodes[i] = ServerNode.Parse(Servers[i]);
            }
            catch (FormatException fault)
            {
                throw new ArgumentException($"Servers: {fault.Message}", nameof(Servers), fault);
            }

            if (Array.FindIndex(nodes, 0, i, node => node.Spelling == nodes[i].Spelling) >= 0)
            {
                throw new ArgumentException($"Servers names '{Servers[i]}' twice; allowed is each once.", nameof(Servers));
            }
        }

        return nodes;
    }

    private static void CheckName<T>(T value, string option)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed are {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static void Check<T>(T value, string option, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed is {least} to {most}.");
        }
    }
}
