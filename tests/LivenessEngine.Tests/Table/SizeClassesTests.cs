using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class SizeClassesTests
{
    [Fact]
    public void Every_size_has_the_smallest_class_that_holds_it()
    {
        for (int bytes = 1; bytes <= SizeClasses.LargestBlock; bytes++)
        {
            int sizeClass = SizeClasses.ClassOf(bytes);
            Assert.True(SizeClasses.SizeOf(sizeClass) >= bytes, $"{bytes} bytes do not fit into class {sizeClass}");
            Assert.True(sizeClass == 0 || SizeClasses.SizeOf(sizeClass - 1) < bytes, $"{bytes} bytes would fit into class {sizeClass - 1}");
        }
    }

    [Fact]
    public void Classes_go_from_the_smallest_to_the_largest_block()
    {
        Assert.Equal(SizeClasses.SmallestBlock, SizeClasses.SizeOf(0));
        Assert.Equal(SizeClasses.LargestBlock, SizeClasses.SizeOf(SizeClasses.Count - 1));
        for (int sizeClass = 1; sizeClass < SizeClasses.Count; sizeClass++)
        {
            Assert.True(SizeClasses.SizeOf(sizeClass) > SizeClasses.SizeOf(sizeClass - 1));
        }
    }

    [Fact]
    public void Blocks_lie_on_16_byte_boundaries_and_fill_their_page()
    {
        for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
        {
            int size = SizeClasses.SizeOf(sizeClass);
            Assert.Equal(0, size % 16);
            Assert.True(SizeClasses.BlocksInPage(sizeClass) * size <= SizeClasses.PageSize);

            // Widened as far as it goes: 16 bytes more and the page would hold fewer.
            Assert.True(SizeClasses.PageSize / (size + 16) < SizeClasses.BlocksInPage(sizeClass));
        }
    }

    [Fact]
    public void Small_sizes_waste_little()
    {
        for (int bytes = SizeClasses.SmallestBlock; bytes <= SizeClasses.PageSize / 8; bytes++)
        {
            int size = SizeClasses.SizeOf(SizeClasses.ClassOf(bytes));
            Assert.True(size <= (bytes * 5 / 4) + 16, $"{bytes} bytes take {size}");
        }
    }

    [Fact]
    public void Every_block_of_every_class_has_its_number()
    {
        for (int sizeClass = 0; sizeClass < SizeClasses.Count; sizeClass++)
        {
            int size = SizeClasses.SizeOf(sizeClass);
            for (int number = 0; number < SizeClasses.BlocksInPage(sizeClass); number++)
            {
                Assert.Equal(number, SizeClasses.BlockNumber(sizeClass, number * size));
                Assert.Equal(number, (int)(PageTable.OffsetOf(3, sizeClass, number) & (SizeClasses.PageSize - 1)) / size);
                Assert.Equal(3, PageTable.PageOf(PageTable.OffsetOf(3, sizeClass, number)));
            }
        }
    }
}
