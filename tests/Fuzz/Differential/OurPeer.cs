using System.Diagnostics;
using System.Text;
using LivenessEngine.Memcached;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Our server, over memory, at the pace of the real clock.</summary>
internal sealed class OurPeer : IPeer, IAsyncDisposable
{
    private readonly MemoryServer _server = new(
        new MemcachedServerOptions { Verdict = HeartbeatVerdict.Passthrough, Groups = { "none" } }, new TableOptions { MemoryLimit = 256 << 20 });

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _passed;
    private MemoryConnection? _shared;

    public string Ask(string requests, string lastReply)
    {
        PassTime();
        if (_shared is null or { Served.IsCompleted: true })
        {
            _shared = _server.Connect();
        }

        _shared.Send(Encoding.Latin1.GetBytes(requests));
        string replies = Encoding.Latin1.GetString(_shared.TakeReplies());
        while (!replies.EndsWith(lastReply, StringComparison.Ordinal) && !_shared.Served.IsCompleted)
        {
            // It has given others their turn, and goes on elsewhere.
            Assert.True(_watch.Elapsed - _passed < Eventually.Deadline, $"no end of replies: {replies[^Math.Min(200, replies.Length)..]}");
            Thread.Yield();
            replies += Encoding.Latin1.GetString(_shared.TakeReplies());
        }

        return replies;
    }

    public string AskAlone(string requests)
    {
        PassTime();
        MemoryConnection connection = _server.Connect();
        connection.Send(Encoding.Latin1.GetBytes(requests));
        connection.EndRequests();
        Assert.True(connection.Served.Wait(Eventually.Deadline), "the connection of a client that has gone does not end");
        return Encoding.Latin1.GetString(connection.TakeReplies());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private void PassTime()
    {
        TimeSpan now = _watch.Elapsed;
        _server.Pass(now - _passed);
        _passed = now;
    }
}
