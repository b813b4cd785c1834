using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class LimboTests : IReclaimed
{
    private readonly List<ulong> _reclaimed = [];
    private readonly Limbo _limbo;

    public LimboTests() => _limbo = new Limbo(this);

    void IReclaimed.Reclaim(ulong retired) => _reclaimed.Add(retired);

    private void Retire(ulong first, int count, int bytes = 0)
    {
        for (int i = 0; i < count; i++)
        {
            using EpochGuard guard = Epoch.Enter(this);
            _limbo.Retire(guard, first + (ulong)i, bytes);
        }
    }

    private bool Renew()
    {
        using EpochGuard guard = Epoch.Enter(this);
        return _limbo.Renew(guard);
    }

    private static IEnumerable<ulong> Numbers(ulong first, int count) => Enumerable.Range(0, count).Select(i => first + (ulong)i);

    [Fact]
    public void What_was_retired_comes_back_once_everybody_has_moved_on()
    {
        Retire(1, 10);
        Assert.Empty(_reclaimed);
        Renew();
        Assert.Equal(Numbers(1, 10), _reclaimed);
        Renew();
        Assert.Equal(10, _reclaimed.Count);
    }

    [Fact]
    public void Nothing_comes_back_while_somebody_who_may_see_it_is_inside()
    {
        using (new EpochHolder())
        {
            Retire(1, 10);
            Renew();
            Renew();
            Assert.Empty(_reclaimed);
        }

        Renew();
        Assert.Equal(Numbers(1, 10), _reclaimed);
    }

    [Fact]
    public void Renewing_tells_whether_all_came_back()
    {
        Assert.True(Renew());
        using (new EpochHolder())
        {
            Retire(1, 10);
            Assert.False(Renew());
        }

        Assert.True(Renew());
    }

    [Fact]
    public void It_comes_back_though_somebody_is_inside_at_every_moment_if_it_is_always_another()
    {
        Retire(1, 10);
        var first = new EpochHolder();
        Assert.False(Renew());
        using (new EpochHolder())
        {
            first.Dispose();
            Renew();
            Assert.Equal(Numbers(1, 10), _reclaimed);
        }
    }

    [Fact]
    public void Nothing_comes_back_in_the_epoch_in_which_it_was_retired()
    {
        using (EpochGuard guard = Epoch.Enter(this))
        {
            for (int i = 0; i < 10 * Limbo.BatchItems; i++)
            {
                _limbo.Retire(guard, (ulong)i, 0);
            }

            Assert.Empty(_reclaimed);
        }

        Renew();
        Assert.Equal(10 * Limbo.BatchItems, _reclaimed.Count);
    }

    [Fact]
    public void A_thread_that_goes_on_retiring_takes_back_what_it_retired()
    {
        Retire(1, 100 * Limbo.BatchItems);
        Assert.InRange(_reclaimed.Count, 96 * Limbo.BatchItems, 100 * Limbo.BatchItems);
        Assert.Equal(Numbers(1, _reclaimed.Count), _reclaimed);
    }

    [Fact]
    public void Large_things_come_back_before_there_are_many()
    {
        Retire(1, 100, Limbo.BatchBytes / 2);
        Assert.InRange(_reclaimed.Count, 90, 100);
    }

    [Fact]
    public void However_much_is_held_up_all_of_it_comes_back_once_and_in_order()
    {
        int many = 20 * Limbo.BatchItems;
        using (new EpochHolder())
        {
            Retire(1, many);
            Assert.Empty(_reclaimed);
        }

        Retire((ulong)many + 1, 3 * Limbo.BatchItems);
        Renew();
        Assert.Equal(Numbers(1, many + (3 * Limbo.BatchItems)), _reclaimed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_another_thread_left_behind_comes_back_too(bool ended)
    {
        using var stay = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var other = new Thread(() =>
        {
            Retire(1, 10);
            done.Set();
            if (!ended)
            {
                stay.Wait();
            }
        });
        other.Start();
        done.Wait(TestContext.Current.CancellationToken);
        if (ended)
        {
            other.Join();
        }

        Renew();
        Assert.Equal(Numbers(1, 10), _reclaimed);
        stay.Set();
        other.Join();
    }

    [Fact]
    public void Retiring_allocates_nothing_once_there_is_a_queue()
    {
        Retire(1, 3 * Limbo.BatchItems);
        Renew();
        _reclaimed.Clear();
        _reclaimed.EnsureCapacity(20 * Limbo.BatchItems);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Retire(1, 10 * Limbo.BatchItems);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
