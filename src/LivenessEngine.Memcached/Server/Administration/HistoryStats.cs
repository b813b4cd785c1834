using System.Globalization;
using LivenessEngine.Evaluation;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// stats liveness-history [&lt;n&gt;]: the last transitions, of 10,000 at the most, the oldest first, and END. One line each,
/// <c>STAT &lt;unix time&gt; &lt;group&gt;:&lt;member&gt; &lt;from&gt;-&gt;&lt;to&gt; &lt;reason&gt;</c>.
/// </summary>
/// <remarks>
/// from and to: unknown, up, suspect or down. reason: seen, silence, held (by the mass-down brake), left, forced_down or
/// released (by an operator, from that brake).
/// </remarks>
internal sealed class HistoryStats(ServerContext server, long most) : IReplySource
{
    private const int TransitionsInPiece = 256;

    private readonly TransitionHistory _history = server.Engine.Monitor.History;
    private readonly Transition[] _piece = new Transition[TransitionsInPiece];

    // What happens while it is written is for the next one who asks.
    private readonly long _end = server.Engine.Monitor.History.Count;

    private long _next = Math.Max(server.Engine.Monitor.History.Count - most, 0);

    public bool TryWrite(ref Turn turn)
    {
        int count = _history.Read(ref _next, _piece);
        long first = _next - count;
        for (int i = 0; i < count && first + i < _end; i++)
        {
            Write(_piece[i], ref turn.Writer);
        }

        if (count > 0 && _next < _end)
        {
            return true;
        }

        turn.Writer.Write(Replies.End);
        return false;
    }

    private void Write(in Transition transition, ref ReplyWriter writer)
    {
        MemberName name = server.Engine.Register.NameOf(transition.Key, transition.Group);
        double seconds = transition.UnixMilliseconds / 1000.0;
        writer.Write("STAT "u8);
        writer.Write(seconds.ToString("F3", CultureInfo.InvariantCulture));
        writer.Write((byte)' ');
        writer.Write(name.Group);
        writer.Write((byte)':');
        writer.Write(name.Member);
        writer.Write((byte)' ');
        writer.Write(LivenessStats.NameOf(transition.From));
        writer.Write("->"u8);
        writer.Write(LivenessStats.NameOf(transition.To));
        writer.Write((byte)' ');
        writer.Write(NameOf(transition.Reason));
        writer.Write("\r\n"u8);
    }

    private static string NameOf(TransitionReason reason) => reason switch
    {
        TransitionReason.Seen => "seen",
        TransitionReason.Held => "held",
        TransitionReason.Left => "left",
        TransitionReason.ForcedDown => "forced_down",
        TransitionReason.Released => "released",
        _ => "silence",
    };
}
