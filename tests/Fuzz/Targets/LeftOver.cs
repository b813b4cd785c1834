using System.Globalization;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Targets;

/// <summary>What is left of clients that have gone: nothing but what they have stored.</summary>
internal static class LeftOver
{
    /// <summary>Takes away all items and members; no block is in use then, or one was lost.</summary>
    public static void CheckNone(MemoryServer server, int connections)
    {
        Assert.Equal(connections, Number(server, "curr_connections"));
        LivenessTable table = server.Engine.Table;
        for (int row = 1; row < table.Members.Columns.End; row++)
        {
            // By its bytes: they need not be text.
            using EpochGuard guard = table.Enter();
            byte[] key = table.Members.KeyOf(guard, row).ToArray();
            table.TryDelete(guard, key, server.Engine.Read(), out _);
        }

        table.Flush();
        server.Pass(1);
        table.Crawl(int.MaxValue, server.Engine.Read());
        Assert.Equal(0, Number(server, "curr_items"));
        Assert.Equal(0, Number(server, "bytes"));
        Assert.Equal(0, server.Ask("stats slabs\r\n").Split("\r\n").Where(line => line.Contains(":used_chunks ", StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture)));
    }

    public static long Number(MemoryServer server, string name, string what = "")
        => long.Parse(server.Stat(name, what) ?? "0", CultureInfo.InvariantCulture);
}
