using LivenessEngine.ServiceGroups;
using LivenessEngine.Tests.Time;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class ServiceRegisterTests
{
    // sha1 of "compute:node1", by sha1sum.
    private const string Node1 = "c49d811d52e094ccf1bbf791ee93a815b5a9b6e6";

    private readonly GroupDirectory _groups = new();
    private readonly ServiceRegister _register;

    public ServiceRegisterTests() => _register = new ServiceRegister(_groups);

    private static ServiceRecord Service(string host, string topic = "compute", bool forcedDown = false)
        => new(1, host, $"nova-{topic}", topic, null, 61, 0, false, null, forcedDown, null, null);

    [Fact]
    public void A_key_is_the_sha1_of_topic_and_host()
        => Assert.Equal(Node1, ServiceRegister.KeyOf(new MemberName("node1", "compute")));

    [Fact]
    public void Who_is_registered_is_found_by_name_and_by_key()
    {
        _register.Replace([Service("node1"), Service("node2", "scheduler")]);
        int group = _register.GroupOf(System.Text.Encoding.ASCII.GetBytes(Node1));
        Assert.Equal("compute", _groups.NameOf(group));
        Assert.Equal(new MemberName("node1", "compute"), _register.NameOf(Node1, group));
        Assert.Equal("node1", _register.Find(new MemberName("node1", "compute"))!.Host);
        Assert.Equal(2, _register.Services.Count);
        Assert.Null(_register.Find(new MemberName("node1", "scheduler")));
    }

    [Fact]
    public void Who_is_not_registered_has_no_group_by_key()
    {
        Assert.Equal(-1, _register.GroupOf(System.Text.Encoding.ASCII.GetBytes(Node1)));
        _register.Replace([Service("node1")]);
        _register.Replace([Service("node2")]);
        Assert.Equal(-1, _register.GroupOf(System.Text.Encoding.ASCII.GetBytes(Node1)));
        Assert.Equal(-1, _register.GroupOf("compute:node1"u8));
    }

    [Fact]
    public void Whose_row_is_gone_keeps_his_name()
    {
        _register.Replace([Service("node1")]);
        int group = _register.GroupOf(System.Text.Encoding.ASCII.GetBytes(Node1));
        _register.Replace([]);
        _register.Replace([Service("node2")]);
        Assert.Equal(new MemberName("node1", "compute"), _register.NameOf(Node1, group));
        Assert.Null(_register.Find(new MemberName("node1", "compute")));
    }

    [Fact]
    public void So_many_names_are_kept_and_no_more()
    {
        _register.Replace(Enumerable.Range(0, 10_001).Select(i => Service($"node{i}")));
        int group = _groups.GetOrAdd("compute");
        _register.Replace([]);
        Assert.Equal(10_000, Enumerable.Range(0, 10_001).Count(i => IsKnown(new MemberName($"node{i}", "compute"))));

        bool IsKnown(MemberName name) => _register.NameOf(ServiceRegister.KeyOf(name), group) == name;
    }

    [Fact]
    public void A_plain_key_names_its_member_itself()
        => Assert.Equal(new MemberName("a:b", "compute"), _register.NameOf("compute:a:b", _groups.GetOrAdd("compute")));

    [Fact]
    public async Task An_engine_lists_who_is_registered_and_never_was_seen_and_heeds_forced_down()
    {
        await using var engine = new Engine(new EngineOptions { TimeProvider = new TestTime() }, new LivenessEngine.Table.TableOptions());
        engine.Register.Replace([Service("silent"), Service("forced", forcedDown: true)]);
        Join(engine, "compute:forced");
        Join(engine, "compute:free");
        Join(engine, ServiceRegister.KeyOf(new MemberName("forced", "compute")));
        Dictionary<string, MemberStatus> members = engine.Members(engine.Groups.Find("compute")).ToDictionary(member => member.Member);
        Assert.Equal(["forced", "free", "silent"], members.Keys.Order());
        Assert.Equal((MemberState.Unknown, null), (members["silent"].State, members["silent"].LastSeen));
        Assert.Equal(MemberState.Down, members["forced"].State);
        Assert.NotNull(members["forced"].LastSeen);
        Assert.Equal(MemberState.Up, members["free"].State);
        Assert.Null(members["free"].Service);
    }

    private static void Join(Engine engine, string key)
    {
        using LivenessEngine.Table.EpochGuard guard = engine.Table.Enter();
        engine.Table.Members.Join(guard, System.Text.Encoding.ASCII.GetBytes(key), engine.Groups.GetOrAdd("compute"), engine.Clock.Read(), out _);
    }
}
