using System.Text;
using LivenessEngine.Fuzz.Targets;
using LivenessEngine.Memcached;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz;

/// <summary>Whatever clients send, the server stays whole, and other clients see nothing of it.</summary>
public sealed class ServerFuzz
{
    // Of the requests that a long run asks for.
    private const double ServerShare = 0.005;
    private const int Clients = 25;
    private const int MostOpen = 4;

    [Fact]
    public Task Spoiled_conversations_harm_nobody() => FuzzRun.RepeatAsync(nameof(ServerFuzz), ServerShare, RoundAsync);

    private static async Task<long> RoundAsync(Random random)
    {
        long answered = 0;
        var log = new FaultLog();
        await using MemoryServer server = RandomServer.Create(random, log, out MemcachedServerOptions options);
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
                answered += open[0].Answered;
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
            answered += client.Answered;
        }

        Assert.Equal("", log.Faults);
        LeftOver.CheckNone(server, connections: 2);
        return answered;
    }

    // Those that are open, the neighbour, and who asks.
    private static void CheckBounds(MemoryServer server, List<FuzzClient> open)
    {
        Assert.InRange(LeftOver.Number(server, "curr_connections"), 2, 2 + open.Count);
        Assert.InRange(LeftOver.Number(server, "bytes"), 0, RandomServer.MemoryLimit);
        Assert.InRange(LeftOver.Number(server, "total_malloced", "slabs"), 0, RandomServer.MemoryLimit);
    }

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
