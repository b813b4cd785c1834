namespace LivenessEngine.Tools.Instruments;

/// <summary>The CPU time of the thread that asks.</summary>
internal static unsafe class ThreadCpu
{
    private const int ThreadClock = 3;

    public static TimeSpan Now
    {
        get
        {
            long* time = stackalloc long[2];
            return Native.GetTime(ThreadClock, time) == 0
                ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromTicks(time[1] / TimeSpan.NanosecondsPerTick)
                : throw new InvalidOperationException("clock_gettime failed");
        }
    }
}
