using LivenessEngine.Memcached.Server;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Memcached.Tests.Server;

public sealed class MemberRuleTests
{
    private readonly GroupDirectory _groups = new();

    [Theory]
    [InlineData("compute:host", "compute")]
    [InlineData("compute:h", "compute")]
    [InlineData("compute:host:8774", "compute")]
    [InlineData("compute::", "compute")]
    [InlineData("consoleauth:host", "consoleauth")]
    [InlineData("console:host", "console")]
    [InlineData("user:17", null)]
    [InlineData("compute", null)]
    [InlineData("compute:", null)]
    [InlineData("Compute:host", null)]
    [InlineData("compute2:host", null)]
    [InlineData("comput:host", null)]
    [InlineData(" compute:host", null)]
    [InlineData(":host", null)]
    [InlineData("c", null)]
    [InlineData("", null)]
    public void Keys_of_the_listed_groups_are_members(string key, string? group)
        => Assert.Equal(group, NameOf(new MemberRule(_groups, new ServiceRegister(_groups), MemberRule.NovaTopics), key));

    [Theory]
    [InlineData("compute:host", "compute")]
    [InlineData("user:17", "user")]
    [InlineData("a:b:c", "a")]
    [InlineData("user:", null)]
    [InlineData(":17", null)]
    [InlineData(":", null)]
    [InlineData("user", null)]
    [InlineData("", null)]
    public void With_an_asterisk_every_key_with_two_names_is_a_member(string key, string? group)
        => Assert.Equal(group, NameOf(new MemberRule(_groups, new ServiceRegister(_groups), ["*"]), key));

    [Fact]
    public void Groups_may_be_listed_beside_the_asterisk()
    {
        var rule = new MemberRule(_groups, new ServiceRegister(_groups), ["a:b", "*"]);

        Assert.Equal("a:b", NameOf(rule, "a:b:c"));
        Assert.Equal("a", NameOf(rule, "a:c"));
        Assert.Equal(["a:b", "*"], rule.Names);
    }

    [Fact]
    public void A_key_of_no_group_makes_none()
    {
        var rule = new MemberRule(_groups, new ServiceRegister(_groups), ["compute"]);

        Assert.Null(NameOf(rule, "user:17"));
        Assert.Equal(-1, _groups.Find("user"u8));
    }

    [Fact]
    public void The_group_of_those_without_a_name_is_known_if_it_was_restored()
    {
        Assert.Equal(-1, new MemberRule(_groups, new ServiceRegister(_groups), ["compute"]).UnnamedGroup);
        int group = _groups.GetOrAdd(MemberRule.Unnamed);
        Assert.Equal(group, new MemberRule(_groups, new ServiceRegister(_groups), ["compute"]).UnnamedGroup);
    }

    private string? NameOf(MemberRule rule, string key)
    {
        int group = rule.GroupOf(Bytes.Of(key));
        return group < 0 ? null : _groups.NameOf(group);
    }
}
