using System.Text;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Memcached.Tests.Nova;

public sealed class NovaKeyTests
{
    // python3 -c "from oslo_cache import core; print(core._sha1_mangle_key('compute:node1'))"
    [Theory]
    [InlineData("node1", "compute", "c49d811d52e094ccf1bbf791ee93a815b5a9b6e6")]
    [InlineData("knoten-ä", "compute", "97c9071d8c886470a09acaf9bede66a910432591")]
    public void The_sha1_is_that_of_oslo_cache(string member, string group, string expected)
        => Assert.Equal(expected, Encoding.ASCII.GetString(NovaKey.Of(new MemberName(member, group), MemcachedKeyForm.Sha1)));

    [Fact]
    public void The_plain_key_is_group_and_member()
        => Assert.Equal("compute:node1"u8.ToArray(), NovaKey.Of(new MemberName("node1", "compute"), MemcachedKeyForm.Plain));
}
