using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class SweepBitsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(999)]
    public void A_bit_is_set_and_cleared_alone_and_counted_once(int row)
    {
        var bits = new SweepBits(1000);
        bits.Set(row);
        bits.Set(row);
        Assert.Equal([row], Enumerable.Range(0, 1000).Where(i => bits[i]));
        Assert.Equal((1, 1UL << (row % 64)), (bits.Count, bits.Word(row / 64 * 64)));
        bits.Clear(row);
        bits.Clear(row);
        Assert.False(bits[row]);
        Assert.Equal((0, 0UL), (bits.Count, bits.Word(row / 64 * 64)));
    }
}
