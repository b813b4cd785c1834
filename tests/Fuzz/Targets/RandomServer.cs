using LivenessEngine.Memcached;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Targets;

/// <summary>Servers over memory with options of any kind, and little memory.</summary>
internal static class RandomServer
{
    public const long MemoryLimit = 16 << 20;

    public static MemoryServer Create(Random random, FaultLog log) => Create(random, log, out _);

    public static MemoryServer Create(Random random, FaultLog log, out MemcachedServerOptions options)
    {
        options = new MemcachedServerOptions
        {
            AllowFlush = random.Next(2) == 0,
            UseCas = random.Next(4) != 0,
            CollectDetail = random.Next(4) == 0,
            Verdict = random.Next(4) == 0 ? HeartbeatVerdict.Passthrough : HeartbeatVerdict.Authoritative,
            Groups = { random.Next(2) == 0 ? "*" : "compute" },
        };
        var table = new TableOptions { MemoryLimit = MemoryLimit, Evict = random.Next(4) != 0, HashSeed = (ulong)random.NextInt64() };
        return new MemoryServer(options, table, logger: log);
    }
}
