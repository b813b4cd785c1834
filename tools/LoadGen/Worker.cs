using System.Diagnostics;
using System.Runtime.InteropServices;
using HdrHistogram;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>A thread with an event loop and its share of the connections.</summary>
internal sealed unsafe class Worker : IDisposable
{
    private const int MostEvents = 256;
    private const int PollMilliseconds = 100;

    private readonly LoadConnection[] _connections;
    private readonly Pace? _pace;
    private readonly int _epoll;
    private volatile bool _measuring;
    private volatile bool _stopped;

    public Worker(LoadOptions options, Workload workload, int index, int connections)
    {
        _epoll = Native.EpollCreate(0);
        _pace = options.Rate > 0 ? new Pace(connections, options.Rate / options.Threads) : null;
        _connections = new LoadConnection[connections];
        for (int i = 0; i < connections; i++)
        {
            _connections[i] = new LoadConnection(options, workload, (index * 1_000_003) + i);
            var change = new Native.Event { Events = Native.In, Data = (ulong)i };
            if (Native.EpollControl(_epoll, Native.Add, _connections[i].Descriptor, &change) != 0)
            {
                throw new InvalidOperationException($"epoll_ctl failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    /// <summary>Batches done while measuring.</summary>
    public long Batches { get; private set; }

    /// <summary>What went wrong, if something did; the worker has then stopped.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Time from the send of a batch to its last reply, in nanoseconds.</summary>
    public LongHistogram Latency { get; } = new(1, 60_000_000_000, 3);

    public void Measure() => _measuring = true;

    public void Stop() => _stopped = true;

    public void Run()
    {
        try
        {
            if (_pace is null)
            {
                foreach (LoadConnection connection in _connections)
                {
                    connection.Begin();
                }
            }

            Loop();
        }
        catch (InvalidDataException fault)
        {
            Fault = fault;
        }
    }

    public void Dispose()
    {
        foreach (LoadConnection connection in _connections)
        {
            connection.Dispose();
        }

        _ = Native.Close(_epoll);
    }

    private void Loop()
    {
        Native.Event* events = stackalloc Native.Event[MostEvents];
        while (!_stopped)
        {
            // A load that is paced looks at the clock all the time: it has its core for itself.
            int ready = Native.EpollWait(_epoll, events, MostEvents, _pace is null ? PollMilliseconds : 0);
            while (_pace is not null && _pace.TryNext(out int next, out long due))
            {
                _connections[next].Begin(due);
            }

            for (int i = 0; i < ready; i++)
            {
                LoadConnection connection = _connections[(int)events[i].Data];
                connection.Send();
                if (!connection.Receive())
                {
                    continue;
                }

                if (_measuring)
                {
                    Batches++;
                    Latency.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(connection.BatchStarted).TotalNanoseconds));
                }

                if (_pace is null)
                {
                    connection.Begin();
                }
                else
                {
                    _pace.Free((int)events[i].Data);
                }
            }
        }
    }
}
