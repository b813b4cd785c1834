using System.Globalization;

namespace LivenessEngine.Fuzz.Differential;

internal sealed class BinaryDialect : IDialect
{
    private const byte Version = 0x0b;
    private const int StatusAt = 7;
    private const byte NoOp = 0x0a;
    private static readonly string NoVersion = new('\0', BinaryPacket.VersionLength);

    public string FlushAll => BinaryPacket.Request(0x08, "", "", "", 0, NoVersion);

    public Versions NewVersions() => new(NoVersion, "\u0001\u0001\u0001\u0001\u0001\u0001\u0001\u0001");

    public List<string> Split(string requests)
    {
        var packets = new List<string>();
        for (int at = 0, end; at < requests.Length; at = end)
        {
            end = Math.Min(EndOf(requests, at), requests.Length);
            packets.Add(requests[at..end]);
        }

        return packets;
    }

    public bool IsWhole(string requests)
    {
        int at = 0;
        while (at < requests.Length)
        {
            at = EndOf(requests, at);
        }

        return at == requests.Length;
    }

    public Sequence CommonGround(Sequence sequence) => BinaryGround.Of(sequence, this);

    public string Mark(long number) => BinaryPacket.Request(NoOp, "", "", "", (uint)number | 0x8000_0000, NoVersion);

    public string MarkReply(long number)
        => "\u0081\u000a" + new string('\0', 10) + BinaryPacket.Number((uint)number | 0x8000_0000, 4) + NoVersion;

    public List<string> Read(string replies, Versions versions)
    {
        var read = new List<string>();
        foreach (string packet in Split(replies))
        {
            if (packet.Length < BinaryPacket.HeaderLength)
            {
                read.Add(packet);
                continue;
            }

            int version = versions.OrdinalOf(packet.Substring(BinaryPacket.VersionAt, BinaryPacket.VersionLength));
            string body = packet[1] == Version ? "" : packet[BinaryPacket.HeaderLength..];
            string header = packet[1] == Version ? packet[..8] : packet[..BinaryPacket.VersionAt];
            read.Add(string.Create(CultureInfo.InvariantCulture, $"{header} version {version} {body}"));
        }

        return read;
    }

    // Non-numeric there, and a number here, which a quiet request does not tell.
    public bool IsReadTooFar(Sequence sequence, string ours, string theirs)
        => theirs.Length > StatusAt && theirs[StatusAt] == '\u0006' && theirs[1] switch
        {
            '\u0005' or '\u0006' => ours.Length > StatusAt && ours[StatusAt] == '\0',
            '\u0015' or '\u0016' => ours != theirs && ReplyText.HasLargeNumber(sequence),
            _ => false,
        };

    public bool IsSame(string ours, string theirs) => ours == theirs;

    // A character that stands for a version is eight bytes. Past the end where the packet is cut off.
    private static int EndOf(string text, int at)
    {
        int header = text.Length > at + BinaryPacket.VersionAt && text[at + BinaryPacket.VersionAt] >= Sequence.FirstVersion
            ? BinaryPacket.HeaderLength - BinaryPacket.VersionLength + 1
            : BinaryPacket.HeaderLength;
        return text.Length < at + header ? text.Length + 1 : (int)Math.Min(int.MaxValue, at + header + (long)BinaryPacket.NumberAt(text, at + 8, 4));
    }
}
