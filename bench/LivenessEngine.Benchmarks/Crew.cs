namespace LivenessEngine.Benchmarks;

/// <summary>Threads that stand ready, so that a benchmark on two threads measures the work and not their start.</summary>
internal sealed class Crew : IDisposable
{
    private readonly Barrier _start;
    private readonly Barrier _end;
    private readonly int _threads;
    private Action<int, int>? _work;
    private int _items;
    private volatile bool _disposed;

    public Crew(int threads)
    {
        _threads = threads;
        _start = new Barrier(threads);
        _end = new Barrier(threads);
        for (int i = 1; i < threads; i++)
        {
            int index = i;
            new Thread(() => Loop(index)) { IsBackground = true }.Start();
        }
    }

    /// <summary>Has each thread do its share of the items: from, to (exclusive).</summary>
    public void Run(int items, Action<int, int> work)
    {
        _items = items;
        _work = work;
        _start.SignalAndWait();
        Share(0);
        _end.SignalAndWait();
    }

    public void Dispose()
    {
        _disposed = true;
        _start.SignalAndWait();
        _start.Dispose();
        _end.Dispose();
    }

    private void Loop(int index)
    {
        while (true)
        {
            _start.SignalAndWait();
            if (_disposed)
            {
                return;
            }

            Share(index);
            _end.SignalAndWait();
        }
    }

    private void Share(int index)
        => _work!((int)((long)_items * index / _threads), (int)((long)_items * (index + 1) / _threads));
}
