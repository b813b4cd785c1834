using LivenessEngine.Evaluation;

namespace LivenessEngine.Tests.Evaluation;

public sealed class TransitionHistoryTests
{
    private readonly TransitionHistory _history = new();

    private static Transition Number(int number)
        => new(number, number, 0, "g:m", MemberState.Up, MemberState.Down, TransitionReason.Silence, number);

    private void Add(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            _history.Add(Number(i));
        }
    }

    private List<long> Read(long from, int piece, Action? between = null)
    {
        var read = new List<long>();
        var transitions = new Transition[piece];
        for (int count = 1; count > 0; between?.Invoke())
        {
            count = _history.Read(ref from, transitions);
            read.AddRange(transitions.Take(count).Select(one => one.At));
        }

        return read;
    }

    private static IEnumerable<long> Numbers(int from, int to) => Enumerable.Range(from, to - from).Select(i => (long)i);

    [Fact]
    public void Of_nothing_there_is_nothing_to_read()
    {
        Assert.Empty(Read(0, 10));
        Assert.Equal(0, _history.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(9_999)]
    [InlineData(10_000)]
    public void Up_to_its_size_it_keeps_everything(int count)
    {
        Add(0, count);
        Assert.Equal(Numbers(0, count), Read(0, 7));
        Assert.Equal(count, _history.Count);
    }

    [Theory]
    [InlineData(10_001)]
    [InlineData(25_000)]
    public void Of_more_it_keeps_the_last(int count)
    {
        Add(0, count);
        Assert.Equal(Numbers(count - TransitionHistory.Capacity, count), Read(0, 256));
        Assert.Equal(count, _history.Count);
    }

    [Fact]
    public void What_is_overwritten_between_two_pieces_is_passed_over()
    {
        Add(0, TransitionHistory.Capacity);
        bool once = true;
        List<long> read = Read(0, 100, () =>
        {
            if (once)
            {
                Add(TransitionHistory.Capacity, TransitionHistory.Capacity + 500);
                once = false;
            }
        });
        Assert.Equal([.. Numbers(0, 100), .. Numbers(500, TransitionHistory.Capacity + 500)], read);
    }

    [Fact]
    public void From_some_place_on()
    {
        Add(0, 100);
        Assert.Equal(Numbers(90, 100), Read(90, 3));
        Assert.Empty(Read(100, 3));
    }

    [Fact]
    public void A_transition_allocates_nothing()
    {
        Add(0, TransitionHistory.Capacity);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Add(0, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
