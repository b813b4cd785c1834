using System.Globalization;
using System.Text;
using LivenessEngine.Memcached;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz;

/// <summary>Whatever clients send, the server stays whole, and other clients see nothing of it.</summary>
public sealed class ServerFuzz
{
    private const long MemoryLimit = 16 << 20;
    private const int Clients = 25;
    private const int MostOpen = 4;

    [Fact]
    public Task Spoiled_conversations_harm_nobody() => FuzzRun.RepeatAsync(RoundAsync);

    private static async Task RoundAsync(Random random)
    {
        var log = new FaultLog();
        var options = new MemcachedServerOptions
        {
            AllowFlush = random.Next(2) == 0,
            UseCas = random.Next(4) != 0,
            CollectDetail = random.Next(4) == 0,
            Groups = { random.Next(2) == 0 ? "*" : "compute" },
        };
        var table = new TableOptions { MemoryLimit = MemoryLimit, Evict = random.Next(4) != 0, HashSeed = (ulong)random.NextInt64() };
        await using var server = new MemoryServer(options, table, logger: log);
        var neighbour = new Neighbour(server, random);
        var open = new List<FuzzClient>();
        for (int i = 0; i < Clients; i++)
        {
            var client = new FuzzClient(server, random);
            client.Send(Mutation.Of(Conversations.Next(random), Conversations.Next(random), random));
            open.Add(client);
            if (open.Count > random.Next(MostOpen))
            {
                // Who came first leaves first: the others are in the middle of something.
                await open[0].LeaveAsync();
                open.RemoveAt(0);
            }

            server.Pass(random.Next(20) == 0 ? 61 : random.Next(3) * 0.1);
            Assert.Equal("VERSION 1.6.45\r\n", server.Ask("version\r\n"));
            neighbour.Check(mayBeGone: options.AllowFlush || server.Stat("evictions") != "0");
            CheckBounds(server, open);
        }

        foreach (FuzzClient client in open)
        {
            await client.LeaveAsync();
        }

        Assert.Equal("", log.Faults);
        CheckEmpty(server);
    }

    // Those that are open, the neighbour, and who asks.
    private static void CheckBounds(MemoryServer server, List<FuzzClient> open)
    {
        Assert.InRange(Number(server, "curr_connections"), 2, 2 + open.Count);
        Assert.InRange(Number(server, "bytes"), 0, MemoryLimit);
        Assert.InRange(Number(server, "total_malloced", "slabs"), 0, MemoryLimit);
    }

    // Nothing that was half done is left in the table: without items and members no block is in use.
    private static void CheckEmpty(MemoryServer server)
    {
        Assert.Equal(2, Number(server, "curr_connections"));
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

    private static long Number(MemoryServer server, string name, string what = "")
        => long.Parse(server.Stat(name, what) ?? "0", CultureInfo.InvariantCulture);

    /// <summary>A client that minds its own business.</summary>
    private sealed class Neighbour
    {
        private readonly MemoryConnection _connection;
        private readonly string _key;
        private readonly string _value;

        public Neighbour(MemoryServer server, Random random)
        {
            byte[] bytes = new byte[random.Next(2) == 0 ? 100 : 50_000];
            random.NextBytes(bytes);
            _value = Encoding.Latin1.GetString(bytes);
            _key = $"neighbour{random.NextInt64()}";
            _connection = server.Connect();
            Assert.Equal("STORED\r\n", _connection.Ask($"set {_key} 7 0 {_value.Length}\r\n{_value}\r\n"));
        }

        public void Check(bool mayBeGone)
        {
            string reply = _connection.Ask($"get {_key}\r\n");
            bool whole = reply == $"VALUE {_key} 7 {_value.Length}\r\n{_value}\r\nEND\r\n";
            Assert.True(whole || (mayBeGone && reply == "END\r\n"), "the value of another client is damaged");
        }
    }
}
