using System.Text;
using LivenessEngine.Memcached;
using LivenessEngine.Memcached.Server.Administration;
using LivenessEngine.Table;
using LivenessEngine.Testing;
using LivenessEngine.Wire.Cuts;
using LivenessEngine.Wire.Exchanges;
using LivenessEngine.Wire.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Wire;

/// <summary>
/// Plays rows of the table on our server without a network: everything happens on the test's thread, so that a request
/// can be cut anywhere, and nothing has to be waited for.
/// </summary>
internal sealed class MemoryPlayer : IAsyncDisposable
{
    private static readonly TimeSpan WatchEnds = TimeSpan.FromMinutes(2);

    private readonly MemoryTransport _transport = new();
    private readonly TestEngine _engine;
    private readonly MemcachedServer _server;
    private readonly TableOptions _table;

    /// <param name="flags">The server's.</param>
    public MemoryPlayer(IReadOnlyList<string> flags)
    {
        _table = OurOptions.Table(flags);
        _engine = new TestEngine(_table);
        _server = new MemcachedServer(_engine.Engine, OurOptions.Server(flags), _transport, NullLogger.Instance);
        _server.Start();
    }

    /// <summary>How long each step's request was in the last play.</summary>
    public List<int> Lengths { get; } = [];

    /// <summary>Plays a row, each request delivered as the cut wants it.</summary>
    public void Play(Exchange exchange, ICut cut)
    {
        Reset();
        MemoryConnection client = _transport.Connect(cut.Connection);
        try
        {
            Play(exchange, cut, client);
        }
        catch
        {
            // Others use the server after this row.
            client.Abort();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _engine.DisposeAsync();
    }

    private void Play(Exchange exchange, ICut cut, MemoryConnection client)
    {
        var captures = new Dictionary<string, string>();
        for (int i = 0; i < exchange.Steps.Count; i++)
        {
            Step step = exchange.Steps[i];
            _engine.Pass(step.After);
            byte[] request = step.Request(_engine.UnixSeconds, captures);
            Lengths.Add(request.Length);
            int sent = cut.Deliver(i, request);
            Check(step, client, captures, whole: sent == request.Length);
            if (sent < request.Length)
            {
                CheckClosed(client);
                return;
            }
        }

        if (!exchange.IsClosed && !exchange.IsUnfinished)
        {
            cut.Deliver(exchange.Steps.Count, Encoding.Latin1.GetBytes(exchange.LastStep.Send));
            Check(exchange.LastStep, client, captures, whole: true);
        }

        if (!exchange.IsClosed)
        {
            Assert.False(client.Served.IsCompleted, "the server closed the connection");
            cut.End();
        }

        if (exchange.IsUnfinished)
        {
            // A watch ends on another thread.
            SpinWait.SpinUntil(() => client.Served.IsCompleted, WatchEnds);
        }

        CheckClosed(client);
    }

    private static void Check(Step step, MemoryConnection client, Dictionary<string, string> captures, bool whole)
    {
        string reply = Encoding.Latin1.GetString(client.TakeReplies());
        Pattern pattern = step.Expectations(Flavour.Ours)[0];
        Comparison comparison = pattern.Compare(reply, captures);
        bool good = comparison.Length == reply.Length && (comparison.Fit == Fit.Whole || (!whole && comparison.Fit == Fit.Prefix));
        if (!good)
        {
            Assert.Fail(Difference.Between([pattern], reply, comparison.Length));
        }

        if (whole)
        {
            step.CheckStats(reply);
        }
    }

    private void CheckClosed(MemoryConnection client)
    {
        Assert.True(client.Served.IsCompletedSuccessfully, "the connection has not ended");
        Assert.Empty(client.TakeReplies());
        Assert.Equal(0, _server.Context.Connections.Count);
    }

    // As good as new, which is much cheaper than a new one.
    private void Reset()
    {
        Lengths.Clear();
        LivenessTable table = _engine.Engine.Table;
        foreach (MemberStatus member in _engine.Engine.Members(null))
        {
            using EpochGuard guard = table.Enter();
            table.TryDelete(guard, Encoding.UTF8.GetBytes($"{member.Group}:{member.Member}"), _engine.Engine.Read(), out _);

            // Who has no name yet has the key for one.
            table.TryDelete(guard, Encoding.UTF8.GetBytes(member.Member), _engine.Engine.Read(), out _);
        }

        table.Flush();
        table.Crawl(int.MaxValue, _engine.Engine.Read());
        table.TrySetMemoryLimit(_table.MemoryLimit);
        _server.Context.ResetCounters();
        _server.Context.Prefixes.IsCollecting = _server.Context.Options.CollectDetail;
        _server.Context.SetVerbosity(0);
        table.CrawlsForExpired = true;
        Maintenance maintenance = _server.Context.Maintenance;
        (maintenance.AutomoveLevel, maintenance.CrawlerSleep, maintenance.CrawlerLimit, maintenance.TracksSizes) = (1, 0, 0, false);
    }
}
