using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>stats liveness-engine, stats liveness-history and liveness release.</summary>
public sealed class LivenessCommandsTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string[] Nodes(int from, int to) => [.. Enumerable.Range(from, to - from).Select(i => $"compute:node{i}")];

    private void Beat(params string[] members)
        => Assert.DoesNotContain("ERROR", _server.Ask(string.Concat(members.Select(member => $"set {member} 0 0 2\r\nok\r\n"))), StringComparison.Ordinal);

    private void RunWith(int seconds, params string[] members)
    {
        for (int i = 0; i < seconds; i += 5)
        {
            Beat(members);
            _server.Pass(5);
        }
    }

    private void SilenceHalf()
    {
        Beat(Nodes(0, 20));
        RunWith(65, Nodes(10, 20));
    }

    [Fact]
    public void A_half_that_falls_silent_is_suspect_in_the_list_and_up_for_who_asks()
    {
        SilenceHalf();
        string[] lines = _server.Ask("stats liveness compute\r\n").Split("\r\n");
        Assert.Equal(10, lines.Count(line => line.Split(' ') is [_, _, "suspect", ..]));
        Assert.Equal(10, lines.Count(line => line.Split(' ') is [_, _, "up", ..]));
        Assert.StartsWith("VALUE compute:node0 ", _server.Ask("get compute:node0\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_releases_a_group()
    {
        Assert.Equal("NOT_FOUND\r\n", _server.Ask("liveness release compute\r\n"));
        SilenceHalf();
        Assert.Equal("NOT_FOUND\r\n", _server.Ask("liveness release nobody\r\n"));
        Assert.Equal("OK\r\n", _server.Ask("liveness release compute\r\n"));
        _server.Pass(0.1);
        Assert.Equal("NOT_FOUND\r\n", _server.Ask("liveness release compute\r\n"));
        Assert.Equal("10", _server.Stat("members:compute:down", "liveness-engine"));
        Assert.EndsWith("compute:node9 suspect->down released\r\nEND\r\n", _server.Ask("stats liveness-history\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_go_without_a_reply()
    {
        SilenceHalf();
        Assert.Equal("", _server.Ask("liveness release compute noreply\r\n"));
        Assert.Equal("1", _server.Stat("brake_releases", "liveness-engine"));
    }

    [Theory]
    [InlineData("liveness")]
    [InlineData("liveness release")]
    [InlineData("liveness hold compute")]
    [InlineData("livenesss release compute")]
    public void Another_word_is_an_error(string line) => Assert.Equal("ERROR\r\n", _server.Ask(line + "\r\n"));

    [Fact]
    public void The_engines_figures()
    {
        SilenceHalf();
        Beat("volume:x", "conductor:y");
        _server.Engine.Figures.Add("bridge_lag", "s", "A figure of another part.", () => 1.5);
        string stats = _server.Ask("stats liveness-engine\r\n");
        foreach (string expected in (string[])
            [
                "members:compute:up 10", "members:compute:suspect 10", "members:compute:down 0", "members:conductor:up 1",
                "transitions_up 20", "transitions_suspect 10", "transitions_down 0", "uncounted_time 0", "uncounted_gaps 0",
                "uncounted_last_gap 0", "credit_in_force 0", "clock_suspended 0", "intakes_behind 0", "brake_held_groups 1", "brake_holds 1",
                "brake_releases 0", "tick_lateness_last 0", "bridge_lag 1.5",
            ])
        {
            Assert.Contains($"STAT {expected}\r\n", stats, StringComparison.Ordinal);
        }

        Assert.Contains("STAT sweep_time_max 0", stats, StringComparison.Ordinal);
        Assert.EndsWith("END\r\n", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_counted_in_pieces_and_told_once()
    {
        var all = new StringBuilder();
        for (int i = 0; i < 40_000; i++)
        {
            all.Append("set compute:node").Append(i).Append(" 0 0 1 noreply\r\n1\r\n");
        }

        _server.Ask(all.ToString());
        Assert.Equal("40000", _server.Stat("members:compute:up", "liveness-engine"));
    }

    [Fact]
    public void The_history_has_the_last_transitions_the_oldest_first()
    {
        Assert.Equal("END\r\n", _server.Ask("stats liveness-history\r\n"));
        Beat("compute:a");
        _server.Pass(0.1);
        long up = _server.UnixSeconds;
        _server.Pass(61);
        Beat("compute:a", "compute:b");
        _server.Pass(0.1);
        _server.Ask("delete compute:b\r\n");
        _server.Pass(0.1);
        string[] lines = _server.Ask("stats liveness-history\r\n").Split("\r\n");
        Assert.Equal(
            [
                "compute:a unknown->up seen", "compute:a up->down silence", "compute:a down->up seen", "compute:b unknown->up seen",
                "compute:b up->down left",
            ],
            lines[..^2].Select(line => line.Split(' ', 3)[2]));
        Assert.Equal($"STAT {up}.100", lines[0][..lines[0].IndexOf(" compute", StringComparison.Ordinal)]);
        Assert.Equal([.. lines[3..5], "END", ""], _server.Ask("stats liveness-history 2\r\n").Split("\r\n"));
        Assert.Equal("END\r\n", _server.Ask("stats liveness-history 0\r\n"));
        Assert.StartsWith("CLIENT_ERROR ", _server.Ask("stats liveness-history many\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_transitions_ten_thousand_are_kept()
    {
        for (int i = 0; i < 12_000; i += 1000)
        {
            Beat([.. Enumerable.Range(i, 1000).Select(n => $"compute:n{n}")]);
        }

        _server.Pass(0.1);
        string[] lines = _server.Ask("stats liveness-history\r\n").Split("\r\n");
        Assert.Equal(10_002, lines.Length);
        Assert.Contains(" compute:n2000 ", lines[0], StringComparison.Ordinal);
        Assert.Contains(" compute:n11999 ", lines[^3], StringComparison.Ordinal);
    }
}
