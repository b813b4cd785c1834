using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>A limbo queue by itself: what one thread adds comes out whole, once, and in order, whoever of several takes.</summary>
public sealed class QueuesKeepTheirOrder : IReclaimed
{
    private const int InFlight = 300;

    private readonly LimboQueue _queue = new();
    private ulong _added;
    private ulong _last;
    private string? _wrong;

    // One taker at a time, which is what is tried here.
    void IReclaimed.Reclaim(ulong retired)
    {
        if (retired != _last + 1)
        {
            _wrong ??= $"{retired} came after {_last}";
        }

        Volatile.Write(ref _last, retired);
    }

    [Fact]
    public void While_one_adds_and_two_take()
    {
        new SoakRun()
            .Repeat(1, _ =>
            {
                for (int i = 0; i < 1000 && _added - Volatile.Read(ref _last) < InFlight; i++)
                {
                    _queue.Add(++_added, bytes: 8, epoch: 1);
                }
            })
            .Repeat(2, _ =>
            {
                _queue.Collect(this, over: 1);
                if (Volatile.Read(ref _wrong) is { } wrong)
                {
                    throw new InvalidOperationException(wrong);
                }
            })
            .Run();
        _queue.Collect(this, over: 1);
        Assert.Equal(_added, _last);
        Assert.True(_queue.IsEmpty);
    }
}
