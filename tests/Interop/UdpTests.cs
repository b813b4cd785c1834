using System.Globalization;
using LivenessEngine.Interop.Servers;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>The same datagrams to memcached and to our daemon: the same replies.</summary>
public sealed class UdpTests
{
    private const int Value = 100_000;

    // memcached answers each key of a get by itself, and "quit" with a datagram of nothing; those are not here.
    private static readonly string[] Datagrams =
    [
        "get a\r\n", "set a 5 0 1\r\n1\r\n", "get a\r\n", "gets a\r\n", "get a\r\nget b\r\n", "set b 0 0 1 noreply\r\n2\r\n", "get b\r\n",
        "add b 0 0 1\r\n3\r\n", "incr a 5\r\nincr a 5 noreply\r\nget a\r\n", "delete b\r\ndelete b\r\n", "mg a v f\r\n", "ms c 2\r\nhi\r\nmg c v\r\n",
        "mg no v q\r\nmg a v q\r\nmn\r\n", "get ", "set d 0 0 9\r\n123456789\r\n", "nonsense\r\n", "touch a 100\r\n", "verbosity 0\r\n", "flush_all\r\nget a\r\n",
    ];

    [Fact]
    public async Task Replies_are_memcacheds()
    {
        (int stockPort, int ourPort) = (FreePort.Next(), FreePort.Next());
        await using RunningServer stock = await RunningServer.MemcachedAsync("-t", "1", "-U", stockPort.ToString(CultureInfo.InvariantCulture));
        await using RunningServer ours = await RunningServer.DaemonAsync("-U", ourPort.ToString(CultureInfo.InvariantCulture));
        await using var stockClient = new UdpClient(stockPort);
        await using var ourClient = new UdpClient(ourPort);
        Assert.Equal(ourPort.ToString(CultureInfo.InvariantCulture), (await ours.StatsAsync("settings"))["udpport"]);

        foreach (string datagram in Datagrams)
        {
            Assert.Equal(await stockClient.AskAsync(datagram), await ourClient.AskAsync(datagram));
        }

        foreach (string header in new[] { "0001000000020000", "0001000000000000", "0001000001000000", "00010007000100ff", "0001", "" })
        {
            byte[] bytes = Convert.FromHexString(header);
            Assert.Equal(await stockClient.SendAsync("version\r\n", bytes) is [], await ourClient.SendAsync("version\r\n", bytes) is []);
        }

        string set = $"set large 0 0 {Value}\r\n{new string('x', Value)}\r\n";
        Assert.Equal(await stock.AskAsync(set, "\r\n"), await ours.AskAsync(set, "\r\n"));
        Assert.Equal([$"VALUE large 0 {Value}\r\n{new string('x', Value)}\r\nEND\r\n"], await ourClient.AskAsync("get large\r\n"));
        Assert.Equal(await stockClient.AskAsync("get large\r\n"), await ourClient.AskAsync("get large\r\n"));
    }

    // memcached answers a quiet request that has nothing to say with a datagram of nothing; that is not here.
    [Theory, InlineData(), InlineData("-B", "ascii"), InlineData("-B", "binary"), InlineData("-l", "proto[ascii]:127.0.0.1")]
    public async Task Each_datagram_chooses_its_protocol_as_in_memcached(params string[] flags)
    {
        (int stockPort, int ourPort) = (FreePort.Next(), FreePort.Next());
        string[] ports = ["-u", Environment.UserName, "-p", "-1", "-U"];
        await using ChildProcess stock = ChildProcess.Start(RunningServer.Memcached, [.. ports, stockPort.ToString(CultureInfo.InvariantCulture), "-t", "1", .. flags]);
        await using ChildProcess ours = ChildProcess.Start(Repository.Daemon, [.. ports, ourPort.ToString(CultureInfo.InvariantCulture), .. RunningServer.Stateless, .. flags]);
        await using UdpClient stockClient = await UdpClient.ConnectAsync(stockPort);
        await using UdpClient ourClient = await UdpClient.ConnectAsync(ourPort);
        string get = Packets.Request(Packets.Get, "a"), set = Packets.Store(Packets.Set, "a", "1", flags: 5), noOp = Packets.Request(Packets.NoOp);
        foreach (string datagram in new[]
        {
            noOp, set, get, "get a\r\n", get + get, Packets.Request(Packets.GetQ, "a") + noOp, noOp + "get a\r\n",
            Packets.Request(0x70), Packets.Request(Packets.GetK, "b"), get[..20], noOp,
        })
        {
            Assert.Equal(await stockClient.AskAsync(datagram), await ourClient.AskAsync(datagram));
        }
    }

    [Fact]
    public async Task Without_TCP_it_is_one_more_way_to_beat()
    {
        int port = FreePort.Next();
        await using ChildProcess daemon = ChildProcess.Start(
            Repository.Daemon, ["serve", .. RunningServer.Stateless, "-p", "0", "-U", port.ToString(CultureInfo.InvariantCulture)]);
        await Eventually.True(() => daemon.Output.Contains($"listens on udp 127.0.0.1:{port};", StringComparison.Ordinal), "it listens");
        await using var client = new UdpClient(port);

        Assert.Equal(["STORED\r\n"], await client.AskAsync("set compute:node1 0 0 2\r\nok\r\n"));

        Assert.StartsWith("STAT compute:node1 up ", string.Concat(await client.AskAsync("stats liveness\r\n")), StringComparison.Ordinal);
        daemon.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await daemon.EndAsync());
    }
}
