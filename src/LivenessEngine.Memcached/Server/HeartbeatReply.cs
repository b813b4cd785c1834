using LivenessEngine.Memcached.Nova;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Heartbeats as readers get them: what was stored, with a time of creation that no reader calls too old. What is stored
/// stays as it is.
/// </summary>
internal sealed class HeartbeatReply(ServerContext server)
{
    /// <summary>Bytes of room that a value needs to be told.</summary>
    public static readonly int ScratchLength = Math.Max(CreationTime.LongestLength, CachedDateTimeWriter.Length);

    private readonly Heartbeats _heartbeats = server.Heartbeats;

    /// <summary>The value of a stored heartbeat.</summary>
    /// <param name="item">The heartbeat.</param>
    /// <param name="scratch">Room that the value lies in.</param>
    /// <param name="turn">The turn.</param>
    public ToldValue Tell(ItemView item, Span<byte> scratch, in Turn turn)
    {
        var form = (HeartbeatForm)item.Heartbeat;
        if (form is not (HeartbeatForm.Text or HeartbeatForm.Double))
        {
            return TellCompressed(item, turn);
        }

        // The value, with its CRLF, is what stands before the time, the time, and what stands behind it.
        ReadOnlySpan<byte> value = item.Value;
        int at = item.HeartbeatTimeAt;
        int behind = at + CreationTime.LengthAt(value, form, at);
        int length = CreationTime.Write(_heartbeats.CreationTime(turn.Now), form, scratch);
        return new ToldValue(value[..at], scratch[..length], value[behind..]);
    }

    /// <summary>
    /// The heartbeat of a member that never stored one here: as python 3 pickles it, which every reader understands
    /// whatever it writes itself.
    /// </summary>
    public ToldValue MakeUp(scoped ItemView member, Span<byte> scratch, in Turn turn)
    {
        Engine engine = server.Engine;
        DateTime seen = engine.Clock.ToUtc(engine.Table.Members.Columns.LastSeen(member.Member)).UtcDateTime;
        CachedDateTimeWriter.Write(seen, _heartbeats.CreationTime(turn.Now), scratch, _heartbeats.Version);
        return new ToldValue(scratch[..CachedDateTimeWriter.Length], default, "\r\n"u8);
    }

    private ToldValue TellCompressed(ItemView item, in Turn turn)
    {
        ReadOnlySpan<byte> value = item.Value;
        byte[]? rewritten = CompressedHeartbeat.WithCreationTime(
            value[..item.ValueLength], item.Flags, _heartbeats.CreationTime(turn.Now));
        return rewritten is null ? new ToldValue(value, default, default) : new ToldValue(rewritten, default, "\r\n"u8);
    }
}
