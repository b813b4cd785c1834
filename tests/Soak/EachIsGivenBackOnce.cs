using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>
/// Epochs and limbo by themselves: what is retired comes back once, and never while somebody is inside who may have found it.
/// </summary>
public sealed class EachIsGivenBackOnce : IReclaimed
{
    private const int Tokens = 20_000;
    private const int Places = 16;

    // 0 free, 1 to be found in a place, 2 retired.
    private readonly int[] _states = new int[Tokens];
    private readonly int[] _places = new int[Places];
    private readonly System.Collections.Concurrent.ConcurrentQueue<int> _free = new();
    private readonly Limbo _limbo;
    private string? _wrong;

    public EachIsGivenBackOnce()
    {
        _limbo = new Limbo(this);
        for (int token = 1; token < Tokens; token++)
        {
            _free.Enqueue(token);
        }
    }

    void IReclaimed.Reclaim(ulong retired)
    {
        int found = Interlocked.CompareExchange(ref _states[retired], 0, 2);
        if (found != 2)
        {
            _wrong ??= $"something was given back in state {found}";
        }

        _free.Enqueue((int)retired);
    }

    [Fact]
    public void By_threads_that_come_and_go()
    {
        var run = new SoakRun();
        run.Repeat(3, random =>
            {
                // Threads that end leave their queues behind, for whoever has their slot next, and for everybody.
                if (random.Next(500) == 0)
                {
                    var thread = new Thread(() => Replace(random));
                    thread.Start();
                    thread.Join();
                }

                Replace(random);
                if (_wrong != null)
                {
                    throw new InvalidOperationException(_wrong);
                }
            })
            .Repeat(3, random =>
            {
                using EpochGuard guard = Epoch.Enter(this);
                int token = Volatile.Read(ref _places[random.Next(Places)]);
                for (int i = random.Next(50); i >= 0; i--)
                {
                    if (token != 0 && Volatile.Read(ref _states[token]) == 0)
                    {
                        throw new InvalidOperationException("what a reader has found was given back while it was inside");
                    }

                    if (i == 25)
                    {
                        Thread.Yield();
                    }
                }
            })
            .Repeat(1, _ =>
            {
                using EpochGuard guard = Epoch.Enter(this);
                _limbo.Renew(guard);
            })
            .Run();

        for (int place = 0; place < Places; place++)
        {
            using EpochGuard guard = Epoch.Enter(this);
            Retire(guard, Interlocked.Exchange(ref _places[place], 0));
        }

        using (EpochGuard guard = Epoch.Enter(this))
        {
            _limbo.Renew(guard);
        }

        Assert.Null(_wrong);
        Assert.Equal(Tokens - 1, _free.Count);
    }

    private void Replace(Random random)
    {
        if (!_free.TryDequeue(out int token))
        {
            Thread.Yield();
            return;
        }

        using EpochGuard guard = Epoch.Enter(this);
        Volatile.Write(ref _states[token], 1);
        Retire(guard, Interlocked.Exchange(ref _places[random.Next(Places)], token));
    }

    private void Retire(in EpochGuard guard, int token)
    {
        if (token != 0)
        {
            Volatile.Write(ref _states[token], 2);
            _limbo.Retire(guard, (ulong)token, 0);
        }
    }
}
