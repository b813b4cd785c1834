using System.Text;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class MemberKeyTests
{
    private static string Write(string member, string group)
    {
        Span<byte> key = stackalloc byte[250];
        return Encoding.UTF8.GetString(key[..MemberKey.Write(member, group, key)]);
    }

    [Theory]
    [InlineData("node1", "compute", "compute:node1")]
    [InlineData("a:b:c", "g", "g:a:b:c")]
    [InlineData("ノード", "計算", "計算:ノード")]
    public void A_key_is_the_group_a_colon_and_the_member(string member, string group, string key)
    {
        Assert.Equal(key, Write(member, group));
        Assert.Equal(member, MemberKey.NameIn(key));
        Assert.Equal(Encoding.UTF8.GetByteCount(group), MemberKey.GroupLength(Encoding.UTF8.GetBytes(key)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":member")]
    [InlineData("group:")]
    [InlineData("no separator")]
    public void A_key_without_both_names_is_no_members(string key)
        => Assert.Equal(0, MemberKey.GroupLength(Encoding.UTF8.GetBytes(key)));

    [Theory]
    [InlineData(1, 248)]
    [InlineData(125, 124)]
    [InlineData(248, 1)]
    public void A_key_of_250_bytes_is_the_longest(int group, int member)
    {
        Assert.Equal(250, Write(new string('m', member), new string('g', group)).Length);
        var refusal = Assert.Throws<ArgumentException>(nameof(member), () => Write(new string('m', member + 1), new string('g', group)));
        Assert.Contains("is longer than 250 bytes of UTF-8.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_length_is_that_in_utf8()
    {
        Assert.Equal(250, Encoding.UTF8.GetByteCount(Write(new string('é', 124), "g")));
        Assert.Throws<ArgumentException>("member", () => Write(new string('é', 125), "g"));
        Assert.Throws<ArgumentException>("member", () => Write("m", new string('é', 125)));
        Assert.Throws<ArgumentException>("member", () => Write(new string('x', 100_000), "g"));
    }

    [Theory]
    [InlineData("a b", "a space")]
    [InlineData("a\tb", "the control character U+0009")]
    [InlineData("a\r\nb", "the control character U+000D")]
    [InlineData("\0", "the control character U+0000")]
    [InlineData("a\u007f", "the control character U+007F")]
    public void White_space_and_control_characters_are_refused_by_name(string name, string described)
    {
        var ofMember = Assert.Throws<ArgumentException>("member", () => Write(name, "g"));
        Assert.StartsWith(
            $"A member's name may not hold {described}: '{name}'. White space and control characters are not allowed.",
            ofMember.Message,
            StringComparison.Ordinal);
        var ofGroup = Assert.Throws<ArgumentException>("group", () => Write("m", name));
        Assert.StartsWith(
            $"A group's name may not hold {described}: '{name}'. White space, control characters and ':' are not allowed.",
            ofGroup.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_may_not_hold_a_colon()
    {
        var refusal = Assert.Throws<ArgumentException>("group", () => Write("m", "a:b"));
        Assert.StartsWith("A group's name may not hold ':': 'a:b'.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_may_be_neither_null_nor_empty()
    {
        Assert.Throws<ArgumentNullException>("member", () => Write(null!, "g"));
        Assert.Throws<ArgumentNullException>("group", () => Write("m", null!));
        Assert.Throws<ArgumentException>("member", () => Write("", "g"));
        Assert.Throws<ArgumentException>("group", () => Write("m", ""));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_a_whole_one_is_not()
    {
        byte[] key = new byte[250];
        Assert.Equal("g:".Length + 4, MemberKey.Write("\ud83d\ude00", "g", key));
        foreach (string name in new[] { "\ud800x", "x\udc00", "\ud800" })
        {
            Assert.Contains("half of a surrogate pair", Assert.Throws<ArgumentException>(() => MemberKey.Write(name, "g", key)).Message, StringComparison.Ordinal);
        }
    }
}
