namespace LivenessEngine.Soak;

/// <summary>Rounds that so many threads of a run make together, with something done by one of them in between.</summary>
internal sealed class SoakRounds : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Barrier _barrier;
    private volatile bool _goOn = true;

    /// <param name="run">Whose time ends the rounds.</param>
    /// <param name="threads">How many take part.</param>
    /// <param name="between">What is done when all have come to the end of a round.</param>
    public SoakRounds(SoakRun run, int threads, Action between)
        => _barrier = new Barrier(threads, _ =>
        {
            between();
            _goOn = run.IsOn;
        });

    /// <summary>Waits for the others. False, for all of them, when there is no further round.</summary>
    public bool Next()
    {
        try
        {
            if (!_barrier.SignalAndWait(Patience))
            {
                throw new InvalidOperationException("the others have not come to the end of their round");
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
