using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Memcached.Tests.Client;

public sealed class MemberLineTests
{
    [Fact]
    public void A_member()
    {
        MemberStatus member = MemberLine.Parse("compute:a:b", "up 1700000000.250 1.500");
        Assert.Equal(
            new MemberStatus("compute", "a:b", MemberState.Up, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250), TimeSpan.FromSeconds(1.5)),
            member);
    }

    [Fact]
    public void A_member_that_is_registered_and_never_beat()
    {
        MemberStatus member = MemberLine.Parse("compute:a", "down -1 -1 id=7 binary=nova-compute disabled=1 forced_down=1 updated_at=1700000000.000 later=word");
        Assert.Equal((MemberState.Down, null, null), (member.State, member.LastSeen, member.Age));
        ServiceRecord service = member.Service!;
        Assert.Equal((7, "a", "nova-compute", "compute"), (service.Id, service.Host, service.Binary, service.Topic));
        Assert.True(service.IsDisabled && service.IsForcedDown);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), service.UpdatedAt);
    }

    [Theory]
    [InlineData("up 1 1 skew=-600.250", -600.25)]
    [InlineData("up 1 1 id=7 skew=0.000", 0.0)]
    [InlineData("up 1 1", null)]
    [InlineData("up 1 1 skew=x", null)]
    [InlineData("up 1 1 skew=1e300", null)]
    public void The_skew_of_its_clock(string value, double? seconds)
        => Assert.Equal(seconds, MemberLine.Parse("nova:a", value).Skew?.TotalSeconds);

    [Theory]
    [InlineData("compute", "up 1 1")]
    [InlineData(":a", "up 1 1")]
    [InlineData("compute:a", "up 1")]
    [InlineData("compute:a", "upwards 1 1")]
    [InlineData("compute:a", "up x 1")]
    [InlineData("compute:a", "up 1 1e99")]
    [InlineData("compute:a", "up NaN 1")]
    public void What_is_none(string name, string value)
    {
        Assert.Null(MemberLine.TryParse(name, value));
        Assert.Throws<FormatException>(() => MemberLine.Parse(name, value));
    }

    [Theory]
    [InlineData("up 1 1 id=x")]
    [InlineData("up 1 1 binary=nova-compute")]
    [InlineData("up 1 1 = == word")]
    public void Words_that_are_no_registration(string value) => Assert.Null(MemberLine.Parse("compute:a", value).Service);
}
