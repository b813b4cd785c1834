using System.Diagnostics;
using System.Net.Sockets;
using HdrHistogram;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>Runs one load: fills, warms up, measures.</summary>
internal static class Load
{
    /// <exception cref="InvalidDataException">A reply was not what it must be.</exception>
    public static LoadResult Run(LoadOptions options)
    {
        var workload = Workload.Of(options);
        if (options.Operation == Operation.Get)
        {
            Fill(options, workload);
        }

        Worker[] workers = [.. Enumerable.Range(0, options.Threads).Select(index => new Worker(
            options, workload, index, (options.Connections / options.Threads) + (index < options.Connections % options.Threads ? 1 : 0)))];
        try
        {
            Thread[] threads = [.. workers.Select(worker => new Thread(worker.Run) { IsBackground = true })];
            Array.ForEach(threads, thread => thread.Start());
            Wait(options.Warmup, workers);
            TimeSpan cpu = Cpu(options);
            long start = Stopwatch.GetTimestamp();
            Array.ForEach(workers, worker => worker.Measure());
            Wait(options.Duration, workers);
            cpu = Cpu(options) - cpu;
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Array.ForEach(workers, worker => worker.Stop());
            Array.ForEach(threads, thread => thread.Join());
            return Summarize(options, workers, seconds, cpu);
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }

    private static TimeSpan Cpu(LoadOptions options) => options.ServerPid == 0 ? TimeSpan.Zero : ProcessFamily.Cpu(options.ServerPid);

    private static void Wait(TimeSpan time, Worker[] workers)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time; Thread.Sleep(20))
        {
            if (Array.Find(workers, worker => worker.Fault is not null)?.Fault is { } fault)
            {
                throw fault;
            }
        }
    }

    private static LoadResult Summarize(LoadOptions options, Worker[] workers, double seconds, TimeSpan cpu)
    {
        var latency = new LongHistogram(1, 60_000_000_000, 3);
        Array.ForEach(workers, worker => latency.Add(worker.Latency));
        long operations = workers.Sum(worker => worker.Batches) * options.Depth * (options.Operation == Operation.Get ? options.Width : 1);
        double Microseconds(double percentile) => latency.GetValueAtPercentile(percentile) / 1000.0;
        return new LoadResult(
            operations,
            seconds,
            operations / seconds,
            cpu.TotalMicroseconds / Math.Max(operations, 1),
            cpu / TimeSpan.FromSeconds(seconds),
            (options.ServerPid == 0 ? 0 : ProcessFamily.ResidentBytes(options.ServerPid)) / (double)(1 << 20),
            Microseconds(50),
            Microseconds(99),
            Microseconds(99.9),
            Microseconds(100));
    }

    // Every key once, a thousand sets a batch.
    private static void Fill(LoadOptions options, Workload workload)
    {
        using Socket socket = LoadConnection.Connect(options);
        byte[] request = new byte[1000 * (options.KeySize + options.ValueSize + 120)];
        int stored = workload.Stored.Length;
        byte[] reply = new byte[stored * 1000];
        for (int key = 0; key < options.Keys;)
        {
            int length = 0;
            int count = 0;
            for (; count < 1000 && key < options.Keys; count++, key++)
            {
                workload.WriteSet(key, request, ref length);
            }

            Task<int> sending = Task.Run(() => socket.Send(request, length, SocketFlags.None));
            for (int received = 0; received < stored * count;)
            {
                int more = socket.Receive(reply, received, (stored * count) - received, SocketFlags.None);
                received += more > 0 ? more : throw new InvalidDataException("the server closed the connection");
            }

            sending.Wait();
            if (reply.AsSpan(0, stored * count).Count(workload.Stored) != count)
            {
                throw new InvalidDataException("the server did not store a key");
            }
        }
    }
}
