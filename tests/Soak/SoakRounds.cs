namespace LivenessEngine.Soak;

/// <summary>Rounds that so many threads of a run make together, with something done by one of them in between.</summary>
internal sealed class SoakRounds : IDisposable
{
    private const int Looks = 200;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly SoakRun _run;
    private readonly Barrier _barrier;
    private volatile bool _goOn = true;

    /// <param name="run">Whose time ends the rounds.</param>
    /// <param name="threads">How many take part.</param>
    /// <param name="between">What is done when all have come to the end of a round.</param>
    public SoakRounds(SoakRun run, int threads, Action between)
    {
        _run = run;
        _barrier = new Barrier(threads, _ =>
        {
            between();
            _goOn = run.IsOn;
        });
    }

    /// <summary>Waits for the others. False, for all of them, when there is no further round.</summary>
    public bool Next()
    {
        try
        {
            for (int look = 0; !_barrier.SignalAndWait(BetweenLooks); look++)
            {
                if (look == Looks || _run.HasFailed)
                {
                    throw new InvalidOperationException("the others have not come to the end of their round");
                }
            }
        }
        catch (BarrierPostPhaseException wrapped)
        {
            throw new InvalidOperationException(wrapped.InnerException!.Message, wrapped.InnerException);
        }

        return _goOn;
    }

    public void Dispose() => _barrier.Dispose();
}
