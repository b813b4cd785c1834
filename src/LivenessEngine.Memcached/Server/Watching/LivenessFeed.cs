using System.Globalization;
using System.IO.Pipelines;
using LivenessEngine.Evaluation;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Watching;

/// <summary>
/// Sends who comes up, falls under suspicion and goes down to a client that asked for it, one line an event in the manner of memcached's watch:
/// <c>ts=&lt;unix time&gt; gid=&lt;number&gt; type=liveness event=&lt;up|suspect|down&gt; group=&lt;group&gt; member=&lt;member&gt; last_seen=&lt;unix time&gt; [reason=&lt;silence|left|forced_down|released&gt;] [missed=&lt;events&gt;]</c>.
/// </summary>
/// <remarks>A client that does not read loses the oldest events and is told how many; nobody else notices.</remarks>
internal sealed class LivenessFeed(ServerContext server, WatchRequest request, WatchOutput output)
{
    private const int EventBuffer = 65_536;
    private const int EventsInPiece = 256;

    private long _number;

    /// <summary>Follows until the client goes or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // A group that nobody has joined has no number, and gets none by being asked for: its events are known by its name.
        int group = request.Group is null ? -1 : server.Engine.Groups.Find(request.Group);
        bool byName = request.Group is not null && group < 0;
        EventStream stream = server.Engine.Monitor.Subscribe(group < 0 ? null : group, EventBuffer);
        try
        {
            long missed = 0;
            bool isThere = true;
            while (isThere && await stream.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                await output.WaitAsync(cancellationToken).ConfigureAwait(false);
                await output.ToThreadAsync().ConfigureAwait(false);

                // All that are there go in one piece: thousands that change at once are no reason to be slow.
                for (int i = 0; i < EventsInPiece && stream.TryRead(out MemberEvent? memberEvent); i++)
                {
                    missed += memberEvent.Missed;
                    if (!byName || memberEvent.Group == request.Group)
                    {
                        Write(output.Pipe, memberEvent, missed, NextNumber());
                        missed = 0;
                    }
                }

                isThere = await output.EndAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            server.Engine.Monitor.Unsubscribe(stream);
        }
    }

    // Of its own where nothing else is watched; else with all that is logged.
    private long NextNumber() => request.Log is null ? ++_number : server.Events.NextId();

    private static void Write(PipeWriter output, MemberEvent memberEvent, long missed, long number)
    {
        var writer = new ReplyWriter(output);
        writer.Write("ts="u8);
        WriteSeconds(memberEvent.At, ref writer);
        writer.Write(" gid="u8);
        writer.Write(number);
        writer.Write(memberEvent switch
        {
            MemberUp => " type=liveness event=up group="u8,
            MemberSuspect => " type=liveness event=suspect group="u8,
            _ => " type=liveness event=down group="u8,
        });
        writer.Write(memberEvent.Group);
        writer.Write(" member="u8);
        writer.Write(memberEvent.Member);
        writer.Write(" last_seen="u8);
        WriteSeconds(memberEvent.LastSeen, ref writer);
        if (memberEvent is MemberDown down)
        {
            writer.Write(down.Reason switch
            {
                DownReason.Left => " reason=left"u8,
                DownReason.ForcedDown => " reason=forced_down"u8,
                DownReason.Released => " reason=released"u8,
                _ => " reason=silence"u8,
            });
        }

        if (missed > 0)
        {
            writer.Write(" missed="u8);
            writer.Write(missed);
        }

        writer.Write("\r\n"u8);
        writer.Complete();
    }

    private static void WriteSeconds(DateTimeOffset time, ref ReplyWriter writer)
    {
        double seconds = (time - DateTimeOffset.UnixEpoch).TotalSeconds;
        seconds.TryFormat(writer.Take(32), out int length, "F6", CultureInfo.InvariantCulture);
        writer.Advance(length);
    }
}
