using System.Buffers;
using System.Globalization;
using System.Text;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// stats liveness [&lt;group&gt;]: STAT &lt;group&gt;:&lt;member&gt; &lt;state&gt; &lt;last seen&gt; &lt;age&gt;, ..., END. Only our own server has these
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

    private void Add(string line)
    {
        string[] words = line.Split(' ');
        int colon = words[0].IndexOf(':', StringComparison.Ordinal);
        if (words.Length == 4 && colon > 0 && TrySeconds(words[2], out double seen) && TrySeconds(words[3], out double age))
        {
            DateTimeOffset? lastSeen = seen < 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(seen);
            var evidence = new Evidence(age < 0 || lastSeen is null ? null : TimeSpan.FromSeconds(age), lastSeen);
            _members.Add((new MemberName(words[0][(colon + 1)..], words[0][..colon]), evidence));
        }
    }

    private static bool TrySeconds(string word, out double seconds)
        => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds is >= -1 and < 1e11;
}
