using System.Buffers;
using System.Text;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// stats liveness [&lt;group&gt;]: a line a member (<see cref="MemberLine"/>), and END. Only our own server has these
/// statistics; any other says that it has none.
/// </summary>
internal sealed class MembersExchange(string? group) : Exchange
{
    private readonly List<(MemberName, Evidence)> _members = [];

    public override int Count => 1;

    public IReadOnlyList<(MemberName Name, Evidence Evidence)> Members => _members;

    public override void Write(int number, IBufferWriter<byte> output)
    {
        output.Write("stats liveness"u8);
        if (group is not null)
        {
            output.Write(Encoding.UTF8.GetBytes($" {group}"));
        }

        output.Write("\r\n"u8);
    }

    public override bool TryRead(int number, ref SequenceReader<byte> reader)
    {
        Span<byte> line = stackalloc byte[ReplyLine.Longest];
        while (ReplyLine.TryRead(ref reader, line, out int length))
        {
            ReadOnlySpan<byte> read = line[..length];
            if (read.SequenceEqual("END"u8) || read.SequenceEqual("RESET"u8) || read.StartsWith("ERROR"u8) || read.StartsWith("CLIENT_ERROR"u8))
            {
                return true;
            }

            if (!read.StartsWith("STAT "u8))
            {
                throw ReplyLine.Unexpected(read, "'stats liveness'");
            }

            Add(Encoding.UTF8.GetString(read["STAT "u8.Length..]));
        }

        return false;
    }

    public override void Reset() => _members.Clear();

    // The server's verdict is left aside: everybody is judged by this group's own service down time.
    private void Add(string line)
    {
        string[] words = line.Split(' ', 2);
        if (words.Length == 2 && MemberLine.TryParse(words[0], words[1]) is { } member)
        {
            var evidence = new Evidence(member.LastSeen is null ? null : member.Age, member.LastSeen, member.Service);
            _members.Add((new MemberName(member.Member, member.Group), evidence));
        }
    }
}
