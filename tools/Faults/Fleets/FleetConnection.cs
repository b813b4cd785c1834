using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>The members that share one connection: at each interval those that live send their heartbeats, and wait for the replies.</summary>
internal sealed class FleetConnection(int[] members, TimeSpan phase, Nodes nodes, Scale scale, Ledger ledger, Line line, RunClock clock)
{
    private readonly byte[] _request = new byte[members.Length * BeatWriter.Length];
    private readonly List<int> _beating = [];
    private readonly StoredReplies _replies = new();

    /// <summary>Replies that were not STORED.</summary>
    public long Refusals => _replies.Others;

    public async Task RunAsync(CancellationToken stop)
    {
        using (line)
        {
            TimeSpan next = clock.Now + phase;
            while (await UntilAsync(next, stop))
            {
                await BeatAsync(stop);

                // On the grid of its own intervals; those that went by in the meantime are left out.
                TimeSpan behind = clock.Now - next;
                next += scale.ReportInterval * (Math.Floor(behind / scale.ReportInterval) + 1);
            }
        }
    }

    private async Task<bool> UntilAsync(TimeSpan time, CancellationToken stop)
    {
        TimeSpan left = time - clock.Now;
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !stop.IsCancellationRequested;
    }

    private async Task BeatAsync(CancellationToken stop)
    {
        TimeSpan begun = ledger.Begin(members, _beating);
        if (_beating.Count == 0)
        {
            return;
        }

        _replies.Expect(_beating.Count);
        if (await line.TryExchangeAsync(_request.AsMemory(0, Write()), _replies.Take, stop) && _replies.AreAllStored)
        {
            ledger.Acknowledge(_beating, begun);
        }
        else if (line.HasSent)
        {
            ledger.Abandon(_beating);
        }
    }

    private int Write()
    {
        DateTime utc = DateTime.UtcNow;
        for (int i = 0; i < _beating.Count; i++)
        {
            int number = _beating[i];
            BeatWriter.Write(nodes.KeyOf(number), utc.AddSeconds(nodes.SkewOf(number)), _request.AsSpan(i * BeatWriter.Length));
        }

        return _beating.Count * BeatWriter.Length;
    }
}
