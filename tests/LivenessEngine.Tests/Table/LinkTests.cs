using CsCheck;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class LinkTests
{
    [Fact]
    public void It_leads_to_a_block_and_hints_at_its_row()
        => Gen.Select(Gen.ULong[1, (Link.MaxOffset >> 4) - 1], Gen.Int[0, int.MaxValue]).Sample((place, row) =>
        {
            ulong link = Link.ToBlock(place << 4, row);
            return Link.OffsetOf(link) == place << 4 && Link.OffsetOf(link | Link.Mark | Link.Claimed) == place << 4
                && Link.RowOf(link) == row % (1 << 22) && !Link.IsBucket(link) && !Link.IsMarked(link);
        });

    [Fact]
    public void A_bucket_stands_before_its_own_keys()
        => Assert.True(Link.OrderOfBucket(5) < Link.OrderOf(5));

    [Fact]
    public void Bucket_0_stands_before_everything()
    {
        Assert.Equal(0u, Link.OrderOfBucket(0));
        Gen.UInt.Sample(hash => Link.OrderOf(hash) > Link.OrderOfBucket(0));
    }

    [Fact]
    public void No_bucket_stands_where_a_key_does()
        => Gen.Select(Gen.UInt, Gen.UInt[0, int.MaxValue]).Sample((hash, bucket) => Link.OrderOf(hash) != Link.OrderOfBucket(bucket));

    [Fact]
    public void A_key_stands_behind_its_bucket_and_before_the_next_at_every_size()
        => Gen.Select(Gen.UInt, Gen.Int[0, 31]).Sample((hash, log2) =>
        {
            uint bucket = hash & ((1u << log2) - 1);
            uint order = Link.OrderOf(hash);
            uint width = log2 == 0 ? 0 : 1u << (32 - log2);
            return order > Link.OrderOfBucket(bucket) && (log2 == 0 || order - Link.OrderOfBucket(bucket) < width);
        });

    [Fact]
    public void Doubling_splits_the_run_of_a_bucket_in_two()
        => Gen.Select(Gen.UInt, Gen.Int[0, 30]).Sample((hash, log2) =>
        {
            uint parent = hash & ((1u << log2) - 1);
            uint child = parent | (1u << log2);
            bool inChild = (hash & (1u << log2)) != 0;
            return Link.OrderOf(hash) > Link.OrderOfBucket(child) == inChild;
        });

    [Fact]
    public void The_order_is_the_hash_read_backwards()
    {
        Assert.Equal(0x80000001u, Link.OrderOf(1));
        Assert.Equal(1u, Link.OrderOf(0));
        Assert.Equal(uint.MaxValue, Link.OrderOf(uint.MaxValue));
        Assert.Equal(0x1e6a2c49u, Link.OrderOf(0x12345678));
    }

    [Fact]
    public void A_link_to_a_bucket_tells_its_number()
        => Gen.UInt[0, int.MaxValue].Sample(bucket =>
            Link.IsBucket(Link.ToBucket(bucket)) && Link.BucketOf(Link.ToBucket(bucket)) == bucket && !Link.IsMarked(Link.ToBucket(bucket)));

    [Fact]
    public void The_end_is_bucket_0()
    {
        Assert.Equal(Link.End, Link.ToBucket(0));
        Assert.NotEqual(Link.None, Link.End);
    }

    [Fact]
    public void Flags_and_offsets_of_blocks_do_not_meet()
    {
        ulong flags = Link.Mark | Link.Bucket | Link.Claimed;
        for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
        {
            for (int number = 0; number < SizeClasses.BlocksInPage(sizeClass); number++)
            {
                Assert.Equal(0ul, PageTable.OffsetOf(1, sizeClass, number) & flags);
            }
        }
    }
}
