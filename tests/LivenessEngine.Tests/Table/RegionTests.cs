using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed unsafe class RegionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData((2 << 20) - 1)]
    [InlineData(5 << 20)]
    public void Memory_is_zero_and_aligned_to_a_cache_line(long bytes)
    {
        var region = new Region(bytes);
        Assert.Equal(bytes, region.Length);
        Assert.Equal(0, (nint)region.Base % 64);
        Assert.Equal(-1, new Span<byte>(region.Base, (int)bytes).IndexOfAnyExcept((byte)0));
        region.Base[bytes - 1] = 1;
        GC.KeepAlive(region);
    }

    [Fact]
    public void Reserving_costs_no_memory()
    {
        var region = new Region(1L << 40);
        region.Base[(1L << 40) - 1] = 7;
        Assert.Equal(7, region.Base[(1L << 40) - 1]);
        GC.KeepAlive(region);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void There_is_no_empty_region(long bytes)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Region(bytes));

    [Fact]
    public void More_than_there_are_addresses_is_refused_by_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the runtime's allocator refuses");
        var refusal = Assert.Throws<InsufficientMemoryException>(() => new Region(1L << 60));
        Assert.Contains("1152921504606846976 bytes", refusal.Message, StringComparison.Ordinal);
    }
}
