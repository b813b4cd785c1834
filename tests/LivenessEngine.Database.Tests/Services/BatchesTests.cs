using LivenessEngine.Database.Services;

namespace LivenessEngine.Database.Tests.Services;

public sealed class BatchesTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [InlineData(1000, 300)]
    [InlineData(7, 1)]
    public void EachIsInOneOfThemInOrder(int count, int size)
    {
        int[] rows = [.. Enumerable.Range(0, count)];
        foreach (bool spread in new[] { false, true })
        {
            int[][] batches = [.. Batches.Of(rows, size, spread)];

            Assert.Equal(rows, batches.SelectMany(batch => batch).Order());
            Assert.All(batches, batch => Assert.InRange(batch.Length, 1, size));
            Assert.All(batches, batch => Assert.Equal(batch.Order(), batch));
            Assert.Equal((count + size - 1) / size, batches.Length);
        }
    }
}
