using System.Globalization;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// stats liveness [&lt;group&gt;]: one line a member, <c>STAT &lt;group&gt;:&lt;member&gt; &lt;state&gt; &lt;last seen&gt; &lt;age&gt;</c>, and END. The state stands
/// first, so that a client which splits at the first space has members by name, and their state.
/// </summary>
/// <remarks>
/// state: up, suspect (held by the mass-down brake; counts as up), down or unknown. last seen: Unix time in seconds with milliseconds, or -1 for never. age: seconds with
/// milliseconds, or -1. Of a member that is registered in Nova's services table, this follows:
/// <c>id=&lt;number&gt; binary=&lt;name&gt; disabled=&lt;0|1&gt; forced_down=&lt;0|1&gt; updated_at=&lt;Unix time, or -1&gt;</c>.
/// </remarks>
internal sealed class LivenessStats(IEnumerable<MemberStatus> members) : IReplySource
{
    private const int MembersInPiece = 256;

    private readonly IEnumerator<MemberStatus> _members = members.GetEnumerator();

    public bool TryWrite(ref Turn turn)
    {
        for (int i = 0; i < MembersInPiece; i++)
        {
            if (!_members.MoveNext())
            {
                turn.Writer.Write(Replies.End);
                return false;
            }

            Write(_members.Current, ref turn.Writer);
        }

        return true;
    }

    public static string NameOf(MemberState state) => state switch
    {
        MemberState.Up => "up",
        MemberState.Down => "down",
        MemberState.Suspect => "suspect",
        _ => "unknown",
    };

    private static void Write(MemberStatus member, ref ReplyWriter writer)
    {
        writer.Write("STAT "u8);
        writer.Write(member.Group);
        writer.Write((byte)':');
        writer.Write(member.Member);
        writer.Write((byte)' ');
        writer.Write(NameOf(member.State));
        writer.Write((byte)' ');
        WriteSeconds((member.LastSeen - DateTimeOffset.UnixEpoch)?.TotalSeconds, ref writer);
        writer.Write((byte)' ');
        WriteSeconds(member.Age?.TotalSeconds, ref writer);
        if (member.Service is { } service)
        {
            Write(service, ref writer);
        }

        writer.Write("\r\n"u8);
    }

    private static void Write(ServiceRecord service, ref ReplyWriter writer)
    {
        writer.Write(" id="u8);
        writer.Write((ulong)service.Id);
        writer.Write(" binary="u8);
        writer.Write(Word(service.Binary));
        writer.Write(service.IsDisabled ? " disabled=1"u8 : " disabled=0"u8);
        writer.Write(service.IsForcedDown ? " forced_down=1"u8 : " forced_down=0"u8);
        writer.Write(" updated_at="u8);
        WriteSeconds((service.UpdatedAt - DateTimeOffset.UnixEpoch)?.TotalSeconds, ref writer);
    }

    // A line ends where a line ends, whatever stands in the table.
    private static string Word(string text)
        => string.Create(text.Length, text, static (word, text) =>
        {
            for (int i = 0; i < word.Length; i++)
            {
                word[i] = text[i] is <= ' ' or '\u007f' ? '_' : text[i];
            }
        });

    private static void WriteSeconds(double? seconds, ref ReplyWriter writer)
    {
        if (seconds is null)
        {
            writer.Write("-1"u8);
            return;
        }

        seconds.Value.TryFormat(writer.Take(32), out int length, "F3", CultureInfo.InvariantCulture);
        writer.Advance(length);
    }
}
