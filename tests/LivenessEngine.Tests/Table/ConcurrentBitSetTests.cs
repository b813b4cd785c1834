using CsCheck;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed unsafe class ConcurrentBitSetTests
{
    private const int Numbers = 1000;

    private readonly Region _region = new(ConcurrentBitSet.WordsFor(Numbers) * sizeof(ulong));

    private ConcurrentBitSet NewSet()
    {
        new Span<byte>(_region.Base, (int)_region.Length).Clear();
        return new ConcurrentBitSet(_region.Array<ulong>(), ConcurrentBitSet.WordsFor(Numbers));
    }

    [Fact]
    public void An_empty_set_gives_0()
        => Assert.Equal(0, NewSet().Take());

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(Numbers - 1)]
    public void A_number_is_taken_once(int number)
    {
        ConcurrentBitSet set = NewSet();
        set.Add(number);
        Assert.Equal(number, set.Take());
        Assert.Equal(0, set.Take());
    }

    [Fact]
    public void A_number_is_in_it_once()
    {
        ConcurrentBitSet set = NewSet();
        set.Add(7);
        set.Add(7);
        Assert.Equal(7, set.Take());
        Assert.Equal(0, set.Take());
        set.Add(7);
        Assert.Equal(7, set.Take());
    }

    [Fact]
    public void All_come_out_that_went_in()
    {
        ConcurrentBitSet set = NewSet();
        for (int number = 1; number < Numbers; number++)
        {
            set.Add(number);
        }

        var taken = new HashSet<int>();
        for (int number; (number = set.Take()) != 0;)
        {
            Assert.True(taken.Add(number));
        }

        Assert.Equal(Numbers - 1, taken.Count);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    public void Words_for_numbers(int numbers, int words)
        => Assert.Equal(words, ConcurrentBitSet.WordsFor(numbers));

    [Fact]
    public void It_behaves_as_a_set_does()
        => Gen.Int[-Numbers + 1, Numbers - 1].Array[0, 400].Sample(operations =>
        {
            ConcurrentBitSet set = NewSet();
            var model = new HashSet<int>();
            foreach (int operation in operations)
            {
                if (operation > 0)
                {
                    set.Add(operation);
                    model.Add(operation);
                }
                else
                {
                    int taken = set.Take();
                    Assert.True(taken == 0 ? model.Count == 0 : model.Remove(taken));
                }
            }
        }, threads: 1);
}
