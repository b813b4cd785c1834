using System.Net;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>The loops of a transport. A client goes to the one that has the fewest.</summary>
internal sealed class LoopSet : IDisposable
{
    private readonly List<EventLoop> _loops = [];
    private readonly LoopIntake _intake;

    /// <summary>All of them, or none.</summary>
    /// <param name="kind">What they wait by.</param>
    /// <param name="threads">How many.</param>
    /// <param name="newLoop">Makes one of that name.</param>
    /// <exception cref="IOException">The system refuses one of them.</exception>
    public LoopSet(MemcachedTransport kind, int threads, Func<string, EventLoop> newLoop)
    {
        Kind = kind;
        try
        {
            while (_loops.Count < threads)
            {
                _loops.Add(newLoop($"liveness-{_loops.Count}"));
            }
        }
        catch (IOException refused)
        {
            Dispose();
            throw new IOException($"{TransportName.Of(kind)}, event loop {_loops.Count + 1} of {threads}: {refused.Message}", refused);
        }

        _intake = new LoopIntake(_loops);
    }

    public MemcachedTransport Kind { get; }

    /// <summary>The one that accepts.</summary>
    public EventLoop First => _loops[0];

    /// <summary>Connections of each.</summary>
    public IEnumerable<int> Connections => _loops.Select(loop => loop.Connections);

    /// <summary>Has a client served.</summary>
    /// <param name="descriptor">Its socket, which does not block; the loop's from now on.</param>
    /// <param name="local">The address that it came in by.</param>
    /// <param name="serve">Who serves it.</param>
    public void Serve(int descriptor, EndPoint? local, Func<TransportConnection, Task> serve)
    {
        EventLoop loop = _loops[0];
        foreach (EventLoop other in _loops)
        {
            if (other.Connections < loop.Connections)
            {
                loop = other;
            }
        }

        loop.CountConnection(1);
        loop.Post(loop.Connect(descriptor, local, serve));
    }

    /// <inheritdoc cref="Time.IIntake.Ask"/>
    public void Ask(Action answer) => _intake.Ask(answer);

    /// <summary>Ends when each loop has begun to serve those that it was given before.</summary>
    public Task SettleAsync() => Task.WhenAll(_loops.Select(loop =>
    {
        var barrier = new Barrier();
        loop.Post(barrier);
        return barrier.Passed;
    }));

    public void Dispose()
    {
        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
    }

    private sealed class Barrier : ILoopWork
    {
        private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Passed => _passed.Task;

        public void Run() => _passed.TrySetResult();
    }
}
