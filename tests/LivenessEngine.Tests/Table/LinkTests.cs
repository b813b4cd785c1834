using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class LinkTests
{
    [Fact]
    public void A_bucket_stands_before_its_own_keys()
        => Assert.True(Link.OrderOfBucket(5) < Link.OrderOf(5));
}
