using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using LivenessEngine.Interop.Servers;

namespace LivenessEngine.Interop;

/// <summary>What memcached and our daemon log for a watcher of the same requests, line by line.</summary>
public sealed partial class WatchTests
{
    private static readonly int[] Given = [1000, 100, 30];

    private static readonly string[] Requests =
    [
        "set a 10 0 1\r\n1\r\n", "get a b\r\n", "gets a\r\n", "add a 0 0 1\r\n1\r\n", "replace a 0 1000 1\r\n1\r\n", "append a 0 0 1\r\n1\r\n",
        "prepend nope 0 0 1\r\n1\r\n", "cas a 0 0 1 1\r\n1\r\n", "cas nope 0 0 1 1\r\n1\r\n", "incr a 1\r\n", "decr nope 1\r\n", "touch a 100\r\n",
        "touch nope 100\r\n", "gat 100 a b\r\n", "delete a\r\n", "delete a\r\n", "set x%,/\u00ff 0 -1 1\r\n1\r\n", "get x%,/\u00ff\r\n", "set a 0 0 1\r\n123\r\n",
        "set a 0 0 1 noreply\r\n1\r\n", "flush_all\r\n", "get a\r\n", "set a 10 0 1\r\n1\r\n", "mg a v\r\n", "mg a T30\r\n", "mg nope N30 v\r\n", "ms m 2 T100\r\n12\r\n",
        "ms m 2 MA\r\n12\r\n", "ms m 2 C999\r\n12\r\n", "ms zz 2 MR\r\n12\r\n", "md m I\r\n", "md m q\r\n", "md m\r\n", "ma ctr N0 J5\r\n", "ma ctr\r\n", "ma none\r\n", "me a\r\n",
    ];

    [Fact]
    public async Task Items_are_logged_as_memcached_logs_them()
    {
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] stock = await ItemsAsync(servers.Stock);
        Assert.InRange(stock.Length, Requests.Length, 2 * Requests.Length);
        Assert.Equal(stock, await ItemsAsync(servers.Ours));
    }

    [Fact]
    public async Task Clients_are_logged_as_memcached_logs_them()
    {
        await using ServerPair servers = await ServerPair.StartAsync();
        string[] stock = await ClientsAsync(servers.Stock);
        Assert.Equal(4, stock.Length);
        Assert.Equal(stock, await ClientsAsync(servers.Ours));
    }

    private static async Task<string[]> ItemsAsync(RunningServer server)
    {
        using Socket watcher = await WatchAsync(server, "fetchers mutations evictions");
        await server.AskAsync(string.Concat(Requests) + "get the-end\r\nquit\r\n", "(nothing)");
        string log = await RunningServer.ReadLineWithAsync(watcher, " key=the-end ");
        return Normalise(log.Split('\n').TakeWhile(line => !line.Contains("the-end", StringComparison.Ordinal)));
    }

    private static async Task<string[]> ClientsAsync(RunningServer server)
    {
        using Socket watcher = await WatchAsync(server, "connevents");
        await server.AskAsync("version\r\n", "\r\n");
        string log = await RunningServer.ReadLineWithAsync(watcher, " type=conn_close ");
        await server.AskAsync("quit\r\n", "(nothing)");
        log += await RunningServer.ReadLineWithAsync(watcher, " type=conn_close ");

        // memcached's threads pass their lines on in any order.
        return [.. Normalise(log.Split('\n')).Where(line => line.Length > 0).Order(StringComparer.Ordinal)];
    }

    private static async Task<Socket> WatchAsync(RunningServer server, string kinds)
    {
        Socket watcher = await RunningServer.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        await watcher.SendAsync(Encoding.ASCII.GetBytes($"watch {kinds}\r\n"), TestContext.Current.CancellationToken);
        Assert.Equal("OK\r\n", await RunningServer.ReadAsync(watcher, "OK\r\n"));
        return watcher;
    }

    // Times, numbers of connections, ports and size classes are each server's own; so is by how much a time is over that is over.
    private static string[] Normalise(IEnumerable<string> lines)
        => [.. lines.Select(line => Left().Replace(Past().Replace(Own().Replace(Head().Replace(line.TrimEnd('\r'), ""), "$1=x"), "ttl=past"), WhatWasGiven))];

    // A second may have begun since.
    private static string WhatWasGiven(Match left)
    {
        int seconds = int.Parse(left.Groups[1].Value, CultureInfo.InvariantCulture);
        return $"ttl={Given.FirstOrDefault(given => seconds <= given && seconds > given - 10, seconds)}";
    }

    [GeneratedRegex(@"\bttl=(\d+)\b")]
    private static partial Regex Left();

    [GeneratedRegex(@"^ts=\d+\.\d+ gid=\d+ ")]
    private static partial Regex Head();

    [GeneratedRegex(@"\b(cfd|rport|clsid)=\d+")]
    private static partial Regex Own();

    [GeneratedRegex(@"\bttl=4\d{9}\b")]
    private static partial Regex Past();
}
