using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Fleets;

namespace LivenessEngine.Tools.FleetSim.Runs;

/// <summary>A scheduler that asks for all nodes now and then, in a thread of its own.</summary>
internal sealed class ReaderThread : IDisposable
{
    private readonly IBackend _backend;
    private readonly FleetClock _clock;
    private readonly TimeSpan _pause;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly List<TimeSpan> _times = [];

    // What went wrong; the reader's thread writes it before it ends, and others read it when it has ended.
    private Exception? _fault;

    public ReaderThread(IBackend backend, FleetClock clock, TimeSpan pause)
    {
        (_backend, _clock, _pause) = (backend, clock, pause);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether it has ended: after the question that follows <see cref="Stop"/>, or by a fault.</summary>
    public bool HasEnded => !_thread.IsAlive;

    /// <summary>It asks once more, and no further.</summary>
    public void Stop() => _stop.Set();

    /// <summary>How long its questions have taken; once it has ended.</summary>
    /// <exception cref="InvalidDataException">It ended by a fault.</exception>
    public Percentiles End(out int questions)
    {
        _thread.Join();
        if (_fault is not null)
        {
            throw new InvalidDataException($"a question failed: {_fault.Message}", _fault);
        }

        questions = _times.Count;
        return Percentiles.Of(_times);
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            bool isLast;
            do
            {
                isLast = _stop.IsSet;
                TimeSpan asked = _clock.Now;
                _backend.Ask();
                TimeSpan took = _clock.Now - asked;
                _times.Add(took);

                // A reader that is kept waiting does not ask all the time.
                TimeSpan rest = _pause - took;
                _stop.Wait(rest > took ? rest : took);
            }
            while (!isLast);
        }
#pragma warning disable CA1031 // Whoever waits for this thread is told.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault;
        }
    }
}
