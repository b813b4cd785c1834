using System.Diagnostics;
using System.Globalization;

namespace LivenessEngine.Soak;

/// <summary>
/// Threads that start at one gate and repeat what they were given until time is up, or until one of them has failed.
/// </summary>
/// <remarks>
/// Meant to have more threads than cores, so that the scheduler stops them anywhere, also inside an epoch. For how long,
/// in seconds, says the environment variable <c>LIVENESS_SOAK_SECONDS</c>; 2.5 where it says nothing.
/// </remarks>
internal sealed class SoakRun
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromMinutes(2);

    private readonly List<Thread> _threads = [];
    private readonly TaskCompletionSource _gate = new();
    private readonly long _ends;
    private Exception? _failure;
    private volatile bool _over;

    /// <param name="share">How much of the time this run has, where a test is made of several.</param>
    public SoakRun(double share = 1) => _ends = (long)(Length.TotalSeconds * share * Stopwatch.Frequency);

    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("LIVENESS_SOAK_SECONDS"), CultureInfo.InvariantCulture, out double seconds)
            ? seconds
            : 2.5);

    /// <summary>Whether threads are to go on; for what waits inside.</summary>
    public bool IsOn => !_over;

    /// <summary>Whether a thread has failed, so that nobody need wait for it.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) != null;

    /// <summary>So many threads that repeat an action, each with random numbers of its own.</summary>
    public SoakRun Repeat(int threads, Action<Random> action)
        => Start(threads, random =>
        {
            while (!_over)
            {
                action(random);
            }
        });

    /// <summary>So many threads that do something once, with numbers from 0.</summary>
    public SoakRun Start(int threads, Action<Random> body)
    {
        for (int i = 0; i < threads; i++)
        {
            int seed = (_threads.Count * 7919) + Environment.TickCount;
            var thread = new Thread(() => Guarded(() => body(new Random(seed)))) { IsBackground = true };
            thread.Start();
            _threads.Add(thread);
        }

        return this;
    }

    /// <summary>Opens the gate, waits for the end, and fails if a thread failed or does not end.</summary>
    public void Run()
    {
        long started = Stopwatch.GetTimestamp();
        _gate.SetResult();
        while (!_over && Stopwatch.GetTimestamp() - started < _ends)
        {
            Thread.Sleep(5);
        }

        _over = true;
        var ending = Stopwatch.StartNew();
        foreach (Thread thread in _threads)
        {
            TimeSpan left = ToEnd - ending.Elapsed;
            Assert.True(thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero), $"a thread has not ended in {ToEnd}: {_failure}");
        }

        if (_failure != null)
        {
            throw new InvalidOperationException($"after {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s: {_failure.Message}", _failure);
        }
    }

    private void Guarded(Action body)
    {
        _gate.Task.Wait();
        try
        {
            body();
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            _over = true;
        }
    }
}
