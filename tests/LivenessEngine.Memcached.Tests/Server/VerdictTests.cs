using System.Globalization;
using System.Text;
using CsCheck;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Memcached.Tests.Nova;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>Nova's heartbeats, as who reads them finds them: by the verdict, and with a time that no reader calls too old.</summary>
public sealed class VerdictTests : IAsyncDisposable
{
    private const string Key = "0123456789abcdef0123456789abcdef01234567";

    private readonly MemoryServer _server = new();

    public static TheoryData<string> Goldens => [.. GoldenPickles.All.Select(golden => golden.Name)];

    private static string Now => Set(Value());

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory, MemberData(nameof(Goldens))]
    public void All_but_the_time_of_creation_is_as_it_was_stored(string name)
    {
        byte[] stored = GoldenPickles.All.Single(golden => golden.Name == name).Value;
        Assert.Equal("STORED\r\n", _server.Ask(Set(stored)));

        byte[] read = Read(Key, out string header);

        Assert.Equal($"VALUE {Key} 1 {read.Length}", header);
        Assert.True(CachedDateTimeReader.TryRead(read, 1, out CachedDateTime now), CachedDateTimeReader.Describe(read, 1));
        Assert.True(CachedDateTimeReader.TryRead(stored, 1, out CachedDateTime then));
        Assert.Equal(_server.UnixSeconds + 3600, now.CreationTime);
        Assert.Equal((then.Payload, then.Version), (now.Payload, now.Version));
        Assert.Equal(then.Place.Offset, now.Place.Offset);
        Assert.Equal(stored[..then.Place.Offset], read[..now.Place.Offset]);
        Assert.Equal(stored[(then.Place.Offset + then.Place.Length)..], read[(now.Place.Offset + now.Place.Length)..]);
    }

    [Fact]
    public async Task What_python_pickles_by_any_protocol_python_reads_from_here()
    {
        const string script = "LivenessEngine.Memcached.Tests/Nova/pickles.py";
        await DebianPython.RequireAsync("dogpile.cache", "python3-dogpile.cache");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["write"], "2026-07-01T12:34:56.000092 1782909296.5\n", TestContext.Current.CancellationToken);
        var lines = new List<string>();
        foreach (string[] way in (await DebianPython.RunAsync(script, "write", folder["write"])).Select(line => line.Split(' ')))
        {
            Assert.Equal("STORED\r\n", _server.Ask(Set(Convert.FromHexString(way[2]), flags: way[1])));
            lines.Add($"{way[1]} {Convert.ToHexString(Read(Key, out string header))}");
            Assert.StartsWith($"VALUE {Key} {way[1]} ", header, StringComparison.Ordinal);
        }

        Assert.True(lines.Count >= 36);
        await File.WriteAllLinesAsync(folder["read"], lines, TestContext.Current.CancellationToken);
        string[] read = await DebianPython.RunAsync(script, "read", folder["read"]);
        Assert.All(read, line => Assert.Equal($"2026-07-01T12:34:56.000092 {_server.UnixSeconds + 3600}.0 2", line));
    }

    // A machine that starts with a clock of years ago, and one that is set back: nobody's time goes back for that.
    [Fact]
    public void No_reader_is_told_an_earlier_time_than_a_writer_has_or_another_reader_was_told()
    {
        double ahead = _server.UnixSeconds + 86_400;
        _server.Ask(Set(Value(ahead)));
        Assert.True(CachedDateTimeReader.TryRead(Read(Key, out _), 1, out CachedDateTime read));
        Assert.Equal(ahead + 3600, read.CreationTime);

        _server.Ask(Set(Value(ahead - 50_000)));
        Assert.True(CachedDateTimeReader.TryRead(Read(Key, out _), 1, out read));
        Assert.Equal(ahead + 3600, read.CreationTime);
    }

    [Fact]
    public void It_is_found_for_the_service_down_time_and_then_no_more()
    {
        _server.Ask(Now);

        _server.Pass(60);
        Assert.NotEmpty(Read(Key, out _));

        _server.Pass(0.1);
        Assert.Equal("END\r\nEND\r\n", _server.Ask($"get {Key}\r\ngets {Key}\r\n"));

        _server.Pass(100_000);
        Assert.Equal("END\r\nSTORED\r\n", _server.Ask($"get {Key}\r\n{Now}"));
        Assert.NotEmpty(Read(Key, out _));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("59")]
    [InlineData("61")]
    [InlineData("1000000")]
    [InlineData("2592001")]
    public void The_exptime_decides_nothing(string exptime)
    {
        _server.Ask(Set(Value(), exptime: exptime));

        _server.Pass(60);
        Assert.NotEmpty(Read(Key, out _));

        _server.Pass(0.1);
        Assert.Equal("END\r\n", _server.Ask($"get {Key}\r\n"));
    }

    [Fact]
    public void What_has_expired_when_it_comes_is_not_there_but_it_was_a_beat()
    {
        Assert.Equal("STORED\r\nEND\r\n", _server.Ask(Set(Value(), exptime: "-1") + $"get {Key}\r\n"));
        Assert.StartsWith("up ", _server.Stat($"nova:{Key}", "liveness"), StringComparison.Ordinal);

        Assert.Equal("STORED\r\nTOUCHED\r\nEND\r\n", _server.Ask(Now + $"touch {Key} -1\r\nget {Key}\r\n"));
        _server.Pass(10);
        Assert.Equal("END\r\n", _server.Ask($"get {Key}\r\n"));
    }

    [Theory]
    [InlineData("add", "STORED", "up")]
    [InlineData("replace", "STORED", "up")]
    [InlineData("append", "NOT_STORED", "down")]
    [InlineData("prepend", "NOT_STORED", "down")]
    [InlineData("touch", "TOUCHED", "up")]
    [InlineData("gat", "END", "down")]
    [InlineData("incr", "NOT_FOUND", "down")]
    [InlineData("cas", "NOT_FOUND", "down")]
    [InlineData("delete", "NOT_FOUND", null)]
    public void Once_it_is_down_this_is_what_each_command_finds(string command, string reply, string? state)
    {
        _server.Ask(Now);
        _server.Pass(61);

        string asked = command switch
        {
            "touch" => $"touch {Key} 0\r\n",
            "gat" => $"gat 0 {Key}\r\n",
            "incr" => $"incr {Key} 1\r\n",
            "delete" => $"delete {Key}\r\n",
            "cas" => $"cas {Key} 1 0 1 1\r\n1\r\n",
            "append" or "prepend" => $"{command} {Key} 1 0 1\r\n1\r\n",
            _ => Set(Value(), command: command),
        };
        Assert.Equal(reply + "\r\n", _server.Ask(asked));

        _server.Pass(1);
        Assert.Equal(state, _server.Stat($"nova:{Key}", "liveness")?.Split(' ')[0]);
        Assert.Equal(state == "up", Read(Key, out _).Length > 0);
    }

    [Fact]
    public void A_beat_that_brings_no_value_brings_the_last_one_back()
    {
        _server.Ask(Now);
        _server.Pass(1000);
        Assert.Equal("END\r\n", _server.Ask($"get {Key}\r\n"));

        using (EpochGuard guard = _server.Engine.Table.Enter())
        {
            Assert.True(_server.Engine.Table.Members.TryTouch(guard, Encoding.ASCII.GetBytes(Key), _server.Engine.Read().Liveness));
        }

        Assert.NotEmpty(Read(Key, out _));
    }

    [Fact]
    public void A_get_that_touches_finds_it_as_a_get_does()
    {
        _server.Ask(Now);
        string got = _server.Ask($"get {Key}\r\n");
        Assert.Equal(got, _server.Ask($"gat 10 {Key}\r\n"));
        _server.Pass(59);
        Assert.NotEmpty(Read(Key, out _));
    }

    [Fact]
    public void Versions_are_those_of_the_stores()
    {
        _server.Ask(Now);
        string version = _server.Ask($"gets {Key}\r\n").Split("\r\n")[0].Split(' ')[4];
        Assert.Equal($"EXISTS\r\nSTORED\r\n", _server.Ask($"cas {Key} 0 0 1 {version}9\r\n1\r\ncas {Key} 0 0 1 {version}\r\n1\r\n"));

        // What cas stores is no heartbeat.
        Assert.Equal($"VALUE {Key} 0 1\r\n1\r\nEND\r\n", _server.Ask($"get {Key}\r\n"));
        _server.Pass(1000);
        Assert.Equal($"VALUE {Key} 0 1\r\n1\r\nEND\r\n", _server.Ask($"get {Key}\r\n"));
    }

    [Fact]
    public void Fifty_are_read_at_once()
    {
        string[] keys = [.. Enumerable.Range(0, 50).Select(number => KeyOf(number))];
        byte[][] forms = [Value(), GoldenPickles.All[0].Value, GoldenPickles.All[6].Value];
        for (int i = 0; i < keys.Length; i++)
        {
            _server.Ask(Set(forms[i % forms.Length], keys[i]));
        }

        string one = string.Concat(keys.Select(key => _server.Ask($"get {key}\r\n")[..^"END\r\n".Length]));
        Assert.Equal(one + "END\r\n", _server.Ask($"get {string.Join(' ', keys)}\r\n"));
    }

    [Fact]
    public async Task Passed_through_it_is_an_item_like_any_other()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { Verdict = HeartbeatVerdict.Passthrough });
        string value = Encoding.Latin1.GetString(Value());
        string stored = $"VALUE {Key} 1 {value.Length}\r\n{value}\r\nEND\r\n";
        Assert.Equal("STORED\r\n" + stored, server.Ask(Now + $"get {Key}\r\n"));
        Assert.Equal("passthrough", server.Stat("verdict", "settings"));

        server.Pass(1000);
        Assert.Equal(stored, server.Ask($"get {Key}\r\n"));
        Assert.StartsWith("down ", server.Stat($"nova:{Key}", "liveness"), StringComparison.Ordinal);

        server.Ask(Set(Value(), exptime: "10"));
        server.Pass(10);
        Assert.Equal("END\r\n", server.Ask($"get {Key}\r\n"));
        Assert.StartsWith("up ", server.Stat($"nova:{Key}", "liveness"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_far_ahead_is_an_option()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { HeartbeatAhead = TimeSpan.FromMinutes(2) });
        server.Ask(Now);
        string reply = server.Ask($"get {Key}\r\n");
        byte[] value = Encoding.Latin1.GetBytes(reply)[(reply.IndexOf('\n', StringComparison.Ordinal) + 1)..^"\r\nEND\r\n".Length];
        Assert.True(CachedDateTimeReader.TryRead(value, 1, out CachedDateTime cached));
        Assert.Equal(server.UnixSeconds + 120, cached.CreationTime);

        Assert.Throws<ArgumentOutOfRangeException>(() => Start(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Start(TimeSpan.FromDays(366)));
        static void Start(TimeSpan ahead) => _ = new MemoryServer(new MemcachedServerOptions { HeartbeatAhead = ahead });
    }

    [Theory]
    [InlineData("0123456789ABCDEF0123456789abcdef01234567")]
    [InlineData("0123456789abcdef0123456789abcdef0123456")]
    [InlineData("0123456789abcdef0123456789abcdef012345678")]
    [InlineData("g123456789abcdef0123456789abcdef01234567")]
    [InlineData("user:17")]
    public void Under_another_key_it_is_an_item_like_any_other(string key)
    {
        string value = Encoding.Latin1.GetString(Value());
        Assert.Equal($"STORED\r\nVALUE {key} 1 {value.Length}\r\n{value}\r\nEND\r\nEND\r\n", _server.Ask(Set(Value(), key) + $"get {key}\r\nstats liveness\r\n"));
    }

    [Fact]
    public void A_key_of_a_group_holds_one_too()
    {
        _server.Ask(Set(Value(), "compute:node1"));
        Assert.NotEqual(Value(), Read("compute:node1", out _));
        _server.Pass(61);
        Assert.Equal("END\r\n", _server.Ask("get compute:node1\r\n"));
    }

    [Fact]
    public void Nobody_has_to_name_it_and_who_does_gives_it_its_group()
    {
        string key = ServiceRegister.KeyOf(new MemberName("node1", "compute"));
        _server.Ask(Set(Value(), key) + Now);
        Assert.StartsWith("up ", _server.Stat($"nova:{key}", "liveness nova"), StringComparison.Ordinal);

        _server.Engine.Register.Replace([new ServiceRecord(1, "node1", "nova-compute", "compute", null, 0, 0, false, null, false, null, null)]);
        _server.Pass(1);

        Assert.StartsWith("up ", _server.Stat("compute:node1", "liveness compute"), StringComparison.Ordinal);
        Assert.Equal($"nova:{Key}", _server.Ask("stats liveness nova\r\n").Split(' ')[1]);
    }

    [Fact]
    public void The_nodes_clock_is_told_and_decides_nothing()
    {
        double now = _server.UnixSeconds;
        _server.Ask(Set(Value(now - 600), KeyOf(1)) + Set(Value(now + 600), KeyOf(2)) + Set(Value(now), KeyOf(3)) + "set compute:plain 0 0 1\r\n1\r\n");

        Assert.EndsWith(" skew=600.000", _server.Stat($"nova:{KeyOf(1)}", "liveness"), StringComparison.Ordinal);
        Assert.EndsWith(" skew=-600.000", _server.Stat($"nova:{KeyOf(2)}", "liveness"), StringComparison.Ordinal);
        Assert.EndsWith(" skew=0.000", _server.Stat($"nova:{KeyOf(3)}", "liveness"), StringComparison.Ordinal);
        Assert.DoesNotContain("skew", _server.Stat("compute:plain", "liveness"), StringComparison.Ordinal);
        Assert.Equal(2, _server.Server.Context.Heartbeats.Figures.Skews().Skewed);
        Assert.Equal(TimeSpan.FromSeconds(600), _server.Server.Context.Heartbeats.Figures.Skews().Largest.Duration());

        _server.Pass(30);
        _server.Ask(Set(Value(now + 30), KeyOf(1)) + Set(Value(now + 30.5), KeyOf(3)));
        _server.Pass(31);
        Assert.Equal((TimeSpan.FromSeconds(-0.5), 0), _server.Server.Context.Heartbeats.Figures.Skews());
    }

    [Theory, InlineData("flush_all\r\n"), InlineData("flush_all 1\r\n")]
    public void Flush_all_leaves_members_alone(string flush)
    {
        _server.Ask(Now + "set compute:plain 0 0 1\r\n1\r\nset a 0 0 1\r\n1\r\n");
        Assert.Equal("OK\r\n", _server.Ask(flush));
        _server.Pass(2);

        Assert.Equal("VALUE compute:plain 0 1\r\n1\r\nEND\r\n", _server.Ask("get a compute:plain\r\n"));
        Assert.NotEmpty(Read(Key, out _));
        Assert.Equal(1, _server.Server.Context.Heartbeats.Figures.FlushesIgnored);
        Assert.Equal("1", _server.Stat("cmd_flush"));
    }

    [Theory, InlineData("flush_all\r\n"), InlineData("flush_all 1\r\n")]
    public async Task Flush_all_takes_all_where_that_is_wanted(string flush)
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { FlushHeartbeats = true });
        server.Ask(Now);
        Assert.Equal("OK\r\n", server.Ask(flush));
        server.Pass(2);

        Assert.Equal("END\r\n", server.Ask($"get {Key}\r\n"));
        Assert.StartsWith("up ", server.Stat($"nova:{Key}", "liveness"), StringComparison.Ordinal);
        Assert.Equal(0, server.Server.Context.Heartbeats.Figures.FlushesIgnored);
        Assert.Equal("yes", server.Stat("flush_heartbeats", "settings"));
    }

    [Fact]
    public void Who_was_heard_otherwise_is_found_too()
    {
        string hashed = ServiceRegister.KeyOf(new MemberName("node1", "compute"));
        _server.Engine.Register.Replace([new ServiceRecord(1, "node1", "nova-compute", "compute", null, 0, 0, false, null, false, null, null)]);
        long seen = _server.UnixSeconds;
        Join(hashed);
        Join("compute:node2");
        Join(Key);
        Join("user:17");
        _server.Pass(10);

        foreach (string key in (string[])[hashed, "compute:node2"])
        {
            byte[] value = Read(key, out string header);
            Assert.Equal($"VALUE {key} 1 {value.Length}", header);
            Assert.True(CachedDateTimeReader.TryRead(value, 1, out CachedDateTime cached));
            Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(seen).UtcDateTime, seen + 3610, 2), (cached.Payload, cached.CreationTime, cached.Version));
        }

        Assert.EndsWith(" 0", _server.Ask($"gets {hashed}\r\n").Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Equal("END\r\n", _server.Ask($"get {Key} user:17\r\n"));
        _server.Pass(51);
        Assert.Equal("END\r\n", _server.Ask($"get {hashed} compute:node2\r\n"));
    }

    [Fact]
    public void What_is_made_up_is_of_the_version_that_nodes_write()
    {
        Join("compute:node2");
        _server.Ask(Set(GoldenPickles.All.Single(golden => golden.Name == "python 2, protocol 2").Value));
        Assert.True(CachedDateTimeReader.TryRead(Read("compute:node2", out _), 1, out CachedDateTime cached));
        Assert.Equal(1, cached.Version);
    }

    [Fact]
    public void A_member_whose_plain_value_went_has_none_made_up()
    {
        _server.Ask("set compute:plain 0 1 2\r\nok\r\n");
        _server.Pass(5);
        Assert.Equal("END\r\n", _server.Ask("get compute:plain\r\n"));
        Assert.StartsWith("up ", _server.Stat("compute:plain", "liveness"), StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task They_stay_and_go_on_when_memory_is_full_of_ordinary_items(bool evict)
    {
        await using var server = new MemoryServer(table: new TableOptions { MemoryLimit = 4 << 20, Evict = evict });
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal("STORED\r\n", server.Ask(Set(Value(), KeyOf(i), exptime: "5")));
        }

        string filler = new('x', 300);
        for (int round = 0; round < 6; round++)
        {
            server.Pass(20);
            MemoryConnection client = server.Connect();
            for (int i = 0; i < 8000; i++)
            {
                client.Ask($"set filler{round}-{i} 0 0 {filler.Length}\r\n{filler}\r\n");
            }

            for (int i = 0; i < 1000; i++)
            {
                Assert.StartsWith("VALUE ", client.Ask($"get {KeyOf(i)}\r\n"), StringComparison.Ordinal);
                Assert.Equal("STORED\r\n", client.Ask(Set(Value(), KeyOf(i), exptime: "5")));
            }
        }
    }

    [Fact]
    public void What_is_no_heartbeat_comes_back_byte_for_byte()
    {
        // Spoiled heartbeats, and bytes of any kind.
        Gen<byte[]> value = Gen.Frequency(
            (3, Gen.Select(Gen.Int[0, GoldenPickles.All.Length - 1], Gen.Int[0, 300], Gen.Byte, (golden, at, value) => With(GoldenPickles.All[golden].Value, at, value))),
            (1, Gen.Byte.Array[0, 300]));
        Gen<string> key = Gen.OneOf(Gen.Const(Key), Gen.Const("compute:node1"), Gen.Const("user:17"), Gen.Const("plain"));
        int recognised = 0;
        Gen.Select(key, value, Gen.UInt[0, 9]).Sample(
            (key, value, flags) =>
            {
                if (key is Key or "compute:node1" && CachedDateTimeReader.TryRead(value, flags, out _))
                {
                    Interlocked.Increment(ref recognised);
                    return;
                }

                Assert.Equal("STORED\r\n", _server.Ask(Set(value, key, flags: $"{flags}")));
                Assert.Equal(value, Read(key, out string header));
                Assert.Equal($"VALUE {key} {flags} {value.Length}", header);
            },
            iter: 5000,
            threads: 1);
        Assert.NotEqual(0, recognised);
    }

    private static byte[] With(byte[] value, int at, byte changed)
    {
        byte[] copy = [.. value];
        copy[at % copy.Length] = changed;
        return copy;
    }

    private static string KeyOf(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    private static byte[] Value(double creationTime = 1e9)
    {
        var value = new byte[CachedDateTimeWriter.Length];
        CachedDateTimeWriter.Write(GoldenPickles.Time, creationTime, value);
        return value;
    }

    private static string Set(byte[] value, string key = Key, string exptime = "0", string flags = "1", string command = "set")
        => $"{command} {key} {flags} {exptime} {value.Length} \r\n{Encoding.Latin1.GetString(value)}\r\n";

    private void Join(string key)
    {
        Engine engine = _server.Engine;
        using EpochGuard guard = engine.Table.Enter();
        Assert.NotEqual(0, engine.Table.Members.Join(guard, Encoding.ASCII.GetBytes(key), engine.Groups.GetOrAdd("compute"), engine.Read(), out _));
    }

    // The bytes are as many as the header says.
    private byte[] Read(string key, out string header)
    {
        string reply = _server.Ask($"get {key}\r\n");
        header = "";
        if (reply == "END\r\n")
        {
            return [];
        }

        int end = reply.IndexOf("\r\n", StringComparison.Ordinal);
        header = reply[..end];
        int length = int.Parse(header.Split(' ')[3], CultureInfo.InvariantCulture);
        Assert.Equal("\r\nEND\r\n", reply[(end + 2 + length)..]);
        return Encoding.Latin1.GetBytes(reply.Substring(end + 2, length));
    }
}
