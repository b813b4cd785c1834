namespace LivenessEngine.Time;

/// <summary>One reason for which the engine may not be listening, there or not. Thread-safe.</summary>
internal sealed class Suspension(LivenessClock clock)
{
    private int _holds;

    public void Begin()
    {
        if (Interlocked.Exchange(ref _holds, 1) == 0)
        {
            clock.Suspend();
        }
    }

    public void End()
    {
        if (Volatile.Read(ref _holds) == 1 && Interlocked.Exchange(ref _holds, 0) == 1)
        {
            clock.Resume();
        }
    }
}
