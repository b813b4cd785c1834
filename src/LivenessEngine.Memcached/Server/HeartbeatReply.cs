using LivenessEngine.Memcached.Nova;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Heartbeats as readers get them: what was stored, with a time of creation that no reader calls too old. What is stored
/// stays as it is.
/// </summary>
internal sealed class HeartbeatReply(ServerContext server)
{
    private readonly Heartbeats _heartbeats = server.Heartbeats;

    /// <summary>Writes a stored heartbeat.</summary>
    /// <param name="item">The heartbeat.</param>
    /// <param name="header">The header of what is stored.</param>
    /// <param name="turn">Where to.</param>
    public void Write(scoped ItemView item, in ValueHeader header, ref Turn turn)
    {
        var form = (HeartbeatForm)item.Heartbeat;
        if (form is not (HeartbeatForm.Text or HeartbeatForm.Double))
        {
            WriteCompressed(item, header, ref turn);
            return;
        }

        // The value, with its CRLF, is what stands before the time, the time, and what stands behind it.
        ReadOnlySpan<byte> value = item.Value;
        int at = item.HeartbeatTimeAt;
        int behind = at + CreationTime.LengthAt(value, form, at);
        Span<byte> time = stackalloc byte[CreationTime.LongestLength];
        time = time[..CreationTime.Write(_heartbeats.CreationTime(turn.Now), form, time)];
        int length = header.Length - (behind - at) + time.Length;
        Span<byte> target = turn.Writer.Take(ValueHeader.LongestLength + length + BlockStore.CrLf);
        int used = (header with { Length = length }).Write(item.Key, target);
        value[..at].CopyTo(target[used..]);
        time.CopyTo(target[(used + at)..]);
        value[behind..].CopyTo(target[(used + at + time.Length)..]);
        turn.Writer.Advance(used + length + BlockStore.CrLf);
    }

    /// <summary>
    /// Writes the heartbeat of a member that never stored one here: as python 3 pickles it, which every reader understands
    /// whatever it writes itself. It has no version, since there is nothing to change.
    /// </summary>
    public void WriteMadeUp(scoped ItemView member, bool withCas, ref Turn turn)
    {
        Engine engine = server.Engine;
        DateTime seen = engine.Clock.ToUtc(engine.Table.Members.Columns.LastSeen(member.Member)).UtcDateTime;
        var header = new ValueHeader(CachedDateTime.PickledFlag, CachedDateTimeWriter.Length, withCas, Cas: 0);
        Span<byte> target = turn.Writer.Take(ValueHeader.LongestLength + CachedDateTimeWriter.Length + BlockStore.CrLf);
        int used = header.Write(member.Key, target);
        CachedDateTimeWriter.Write(seen, _heartbeats.CreationTime(turn.Now), target[used..], _heartbeats.Version);
        used += CachedDateTimeWriter.Length;
        "\r\n"u8.CopyTo(target[used..]);
        turn.Writer.Advance(used + BlockStore.CrLf);
    }

    private void WriteCompressed(scoped ItemView item, in ValueHeader header, ref Turn turn)
    {
        byte[]? rewritten = CompressedHeartbeat.WithCreationTime(
            item.Value[..item.ValueLength], item.Flags, _heartbeats.CreationTime(turn.Now));
        scoped ReadOnlySpan<byte> value = rewritten is null ? item.Value[..item.ValueLength] : rewritten;
        Span<byte> target = turn.Writer.Take(ValueHeader.LongestLength + value.Length + BlockStore.CrLf);
        int used = (header with { Length = value.Length }).Write(item.Key, target);
        value.CopyTo(target[used..]);
        "\r\n"u8.CopyTo(target[(used + value.Length)..]);
        turn.Writer.Advance(used + value.Length + BlockStore.CrLf);
    }
}
