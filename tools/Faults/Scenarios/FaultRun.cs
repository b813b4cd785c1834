using LivenessEngine.Tools.Faults.Fleets;
using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>One fault, tried on one server of its own.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private readonly Fault _fault;
    private readonly RunOptions _options;
    private readonly RunClock _clock = new();
    private readonly Outages _outages = new();
    private readonly Lateness _lateness;
    private readonly Cluster _cluster;
    private readonly Ledger _ledger;
    private readonly ReplyTimes _replies;
    private readonly Fleet _fleet;
    private readonly Reader[] _readers;
    private readonly Credits _credits;
    private readonly UncountedWatch _watch;
    private readonly UncountedWatch? _standbyWatch;
    private readonly Stage _stage;
    private readonly CancellationTokenSource _stop = new();

    private FaultRun(Fault fault, RunOptions options)
    {
        (_fault, _options) = (fault, options);
        ServerSettings settings = fault.Settings(new ServerSettings
        {
            Scale = options.Scale,
            Connections = options.Connections + 1000,
            HasClock = fault.SetsClock,
            Cpu = options.ServerCpu,
        });
        _cluster = Cluster.Create(
            settings, fault.HasTwoServers, options.Members, asked => new Server(options.Program, asked, _clock, _outages));
        _ledger = new Ledger(options.Members, options.Scale, _clock, _outages);
        _replies = new ReplyTimes(_clock, _outages);
        var nodes = new Nodes(options.Members);
        _fleet = new Fleet(nodes, options.Connections, () => _cluster.EndPoint, options.Scale, _ledger, _replies, _clock);
        _readers = [.. fault.ReaderSkews.Select((skew, index) => new Reader(
            $"reader {index + 1}", nodes, () => _cluster.EndPoint, options.Scale, _ledger, _replies, _clock, skew))];
        _credits = new Credits(_clock, _outages);
        _cluster.Moved.Register(_credits.Move);
        _watch = new UncountedWatch(() => _cluster.First.EndPoint, _credits.First, null, _replies, _clock);
        _standbyWatch = _cluster.Standby is { } standby
            ? new UncountedWatch(() => standby.EndPoint, _credits.Standby, _credits.StandbyUnread, _replies, _clock)
            : null;
        _stage = new Stage(_cluster, nodes, _ledger, options.Scale, _replies, _clock, options.Seed);
        _lateness = new Lateness(_clock);
    }

    /// <exception cref="InvalidDataException">The server did not start.</exception>
    public static async Task<RunResult> RunAsync(Fault fault, RunOptions options)
    {
        if (fault.SetsClock && FakeClock.Library is null)
        {
            return new RunResult
            {
                Fault = fault.Name,
                Program = options.Program.Name,
                Members = options.Members,
                Skipped = "libfaketime is not installed",
            };
        }

        await using var run = new FaultRun(fault, options);
        return await run.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _lateness.Dispose();
        _stage.Dispose();
        _stop.Dispose();
    }

    private async Task<RunResult> RunAsync()
    {
        await _cluster.StartAsync();
        Task beating = _fleet.RunAsync(_stop.Token);
        await UntilAllAreSeenAsync();
        Task[] asking = [.. _readers.Select(reader => reader.RunAsync(_stop.Token))];
        Task observing = ObserveAsync(_stop.Token);
        Task watching = _options.Program.IsEngine ? WatchAsync() : Task.CompletedTask;
        try
        {
            await Task.Delay(_options.Scale.ReportInterval);
            _stage.Die(_fault.Deaths);
            await Task.WhenAll(_fault.Script(_stage), DieMeanwhileAsync());
            await Task.Delay(_options.Scale.ReportInterval);
            _stage.Die(_fault.Deaths);
            await UntilTheDeadAreFoundAsync(asking);
        }
        finally
        {
            await _stop.CancelAsync();
        }

        await Task.WhenAll([beating, observing, watching, .. asking]);
        return Conclude();
    }

    private async Task DieMeanwhileAsync()
    {
        await Task.Delay(2 * _options.Scale.ReportInterval);
        _stage.Die(_fault.Deaths);
    }

    private Task WatchAsync() => Task.WhenAll(
        _watch.RunAsync(_stop.Token, _cluster.Moved), _standbyWatch?.RunAsync(_stop.Token, CancellationToken.None) ?? Task.CompletedTask);

    private async Task ObserveAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            _ledger.ObserveSilence();
            await Task.Delay(Scale.Tick, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UntilAllAreSeenAsync()
    {
        while (_ledger.Seen < _options.Members)
        {
            if (_clock.Now > ServerProcess.Patience)
            {
                throw new InvalidDataException($"{_ledger.Seen} of {_options.Members} heartbeats were stored within {ServerProcess.Patience.TotalSeconds} s");
            }

            await Task.Delay(Scale.Tick);
        }
    }

    // Or until it is too late for all of them, with a little more for the next question.
    private async Task UntilTheDeadAreFoundAsync(Task[] asking)
    {
        var judgement = new Judgement(_ledger, _options.Scale, _credits, _lateness, _fault.Staleness);
        TimeSpan limit;
        do
        {
            // A reader ends only with what it cannot read.
            await Task.WhenAny([.. asking, Task.Delay(Scale.Tick)]);
            if (Array.Find(asking, task => task.IsFaulted) is { } fault)
            {
                await fault;
            }

            limit = judgement.LastDeadline(_clock.Now) + _options.Scale.ReportInterval + (2 * _lateness.Longest);
        }
        while (_clock.Now < limit && !judgement.AreAllFound(_readers));
    }

    private RunResult Conclude()
    {
        var judgement = new Judgement(_ledger, _options.Scale, _credits, _lateness, _fault.Staleness);
        (int missed, Percentiles detection, Percentiles counted) = judgement.Conclude(_readers);
        string[] examples = [.. _readers.SelectMany(reader => reader.Verdicts.Examples)];
        return new RunResult
        {
            Fault = _fault.Name,
            Program = _options.Program.Name,
            Members = _options.Members,
            FalseDowns = _readers.Max(reader => reader.Verdicts.FalseDowns),
            Deaths = judgement.Deaths,
            MissedDeaths = missed,
            Answers = _readers.Sum(reader => reader.Verdicts.Answers),
            Late = _readers.Sum(reader => reader.Verdicts.Late),
            Detection = detection,
            Counted = counted,
            SlowestReply = _replies.Slowest,
            Unanswered = _replies.Unanswered,
            Refused = _replies.Refused,
            Refusals = _fleet.Refusals,
            Uncounted = _watch.Told is { } told ? told + (_standbyWatch?.Told ?? TimeSpan.Zero) : null,
            Lateness = _lateness.Longest,
            Examples = examples.Length == 0 ? [] : [.. examples, $"the last process printed: {_cluster.Server.Printed}"],
        };
    }
}
