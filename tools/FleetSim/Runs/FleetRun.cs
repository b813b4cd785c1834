using LivenessEngine.Tools.FleetSim.Backends;
using LivenessEngine.Tools.FleetSim.Fleets;
using LivenessEngine.Tools.FleetSim.Judging;

namespace LivenessEngine.Tools.FleetSim.Runs;

/// <summary>One fleet on one backend: an interval to warm up, and then what is measured.</summary>
internal sealed class FleetRun
{
    private readonly FleetOptions _options;
    private readonly Fleet _fleet;
    private readonly IBackend _backend;
    private readonly BeatSchedule _schedule;
    private readonly Deaths _deaths;
    private readonly Func<int, bool> _beat;
    private TimeSpan _start;
    private TimeSpan _due;
    private long _tick;

    private FleetRun(FleetOptions options, Fleet fleet, IBackend backend)
    {
        (_options, _fleet, _backend) = (options, fleet, backend);
        int interval = (int)(options.ReportInterval / FleetOptions.Tick);
        _schedule = new BeatSchedule(options.Nodes, interval, Math.Min((int)(interval * options.Jitter), interval - 1), options.Seed);
        _deaths = new Deaths(options.Nodes, options.DeadShare, options.ReportInterval, options.Seed);
        _beat = Beat;
    }

    /// <exception cref="InvalidDataException">An option is not allowed, the backend did not start, or it has failed.</exception>
    public static async Task<FleetRow> RunAsync(FleetOptions options)
    {
        var fleet = new Fleet(options.Validated());
        await using IBackend backend = BackendFactory.Create(fleet);
        await backend.StartAsync();
        return new FleetRun(options, fleet, backend).Run();
    }

    private FleetRow Run()
    {
        _start = _fleet.Clock.Now;
        _fleet.Oracle.Start(_start);
        Until(_options.ReportInterval, reader: null);

        TimeSpan begin = _fleet.Clock.Now;
        TimeSpan cpu = _backend.Cpu();
        TimeSpan own = Environment.CpuUsage.TotalTime;
        using var reader = new ReaderThread(_backend, _fleet.Clock, _options.Pause);
        _fleet.Book.IsMeasuring = true;
        Until(_options.ReportInterval + _options.Measured, reader);
        _fleet.Book.IsMeasuring = false;
        TimeSpan measured = _fleet.Clock.Now - begin;
        cpu = _backend.Cpu() - cpu;
        own = Environment.CpuUsage.TotalTime - own;
        long memory = _backend.ResidentBytes();
        int beating = _backend.CountBeating();

        // The nodes beat on until the last question is answered.
        reader.Stop();
        while (!reader.HasEnded)
        {
            Turn();
        }

        Percentiles questions = reader.End(out int count);
        return Conclude(measured, cpu, own, memory, questions, count, beating);
    }

    // Beats for so long since the start; nobody dies before the reader begins.
    private void Until(TimeSpan end, ReaderThread? reader)
    {
        while (_fleet.Clock.Now - _start < end && reader?.HasEnded != true)
        {
            if (reader is not null)
            {
                foreach (int node in _deaths.Due(_fleet.Clock.Now - _start - _options.ReportInterval))
                {
                    _fleet.Oracle.Kill(node, _fleet.Clock.Now);
                    _backend.Kill(node);
                }
            }

            Turn();
        }
    }

    // All that are due by now, and then what the backend does until the next are.
    private void Turn()
    {
        for (; _start + (_tick * FleetOptions.Tick) <= _fleet.Clock.Now; _tick++)
        {
            _due = _start + (_tick * FleetOptions.Tick);
            if (!_options.BeatsByItself)
            {
                _schedule.Take(_tick, _beat);
            }
        }

        _backend.Turn(_start + (_tick * FleetOptions.Tick));
    }

    private bool Beat(int node)
    {
        if (!_fleet.Oracle.IsAlive(node))
        {
            return false;
        }

        if (_fleet.Book.TryBegin(node, _due))
        {
            _backend.Beat(node);
        }

        return true;
    }

    private FleetRow Conclude(TimeSpan measured, TimeSpan cpu, TimeSpan own, long memory, Percentiles questions, int count, int beating)
    {
        BeatBook book = _fleet.Book;
        Outcome outcome = _fleet.Oracle.Conclude();
        return new FleetRow
        {
            Backend = _options.Name,
            Nodes = _options.Nodes,
            ReportInterval = _options.ReportInterval,
            ServiceDownTime = _options.ServiceDownTime,
            Measured = measured,
            Connections = _backend.Connections,
            AskedPerSecond = _options.BeatsByItself ? outcome.Live / _options.ReportInterval.TotalSeconds : book.Asked / measured.TotalSeconds,
            AchievedPerSecond = _options.BeatsByItself ? beating / _options.ReportInterval.TotalSeconds : book.Taken / measured.TotalSeconds,
            ServerCpu = cpu,
            LoadCpu = own,
            Late = book.LateShare,
            LateP99 = book.LatenessP99,
            LagP99 = book.LagP99,
            TakenAfterP99 = book.TakenAfterP99,
            Outcome = outcome,
            MemoryBytes = memory,
            Questions = count,
            QuestionTimes = questions,
            Failures = book.Failures,
        };
    }
}
