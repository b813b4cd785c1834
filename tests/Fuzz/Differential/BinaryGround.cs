namespace LivenessEngine.Fuzz.Differential;

/// <summary>How far memcached 1.6.18 is expected to answer a sequence of binary requests as we do (<see cref="CommonGround"/>).</summary>
internal static class BinaryGround
{
    // A number that has more behind it is none for us.
    private const int MostDigits = 30_000;

    private static readonly byte[] Stores = [0x01, 0x02, 0x03, 0x0e, 0x0f, 0x11, 0x12, 0x13, 0x19, 0x1a];
    private static readonly byte[] Arithmetic = [0x05, 0x06, 0x15, 0x16];
    private static readonly byte[] Gets = [0x00, 0x09, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x23, 0x24];

    public static Sequence Of(Sequence sequence, BinaryDialect dialect)
    {
        var blank = new HashSet<string>();
        var held = new HeldItems();
        var stages = new List<string>();
        foreach (string stage in sequence.Stages)
        {
            held.BeginStage();
            string common = string.Concat(dialect.Split(stage).TakeWhile(packet => TryTake(packet, held, blank)));
            stages.Add(common);
            if (common.Length < stage.Length)
            {
                break;
            }
        }

        return new Sequence(stages);
    }

    private static bool TryTake(string packet, HeldItems held, HashSet<string> blank)
    {
        bool stands = packet.Length > BinaryPacket.VersionAt && packet[BinaryPacket.VersionAt] >= Sequence.FirstVersion;
        int header = stands ? BinaryPacket.HeaderLength - BinaryPacket.VersionLength + 1 : BinaryPacket.HeaderLength;
        if (packet.Length < header || OlderBinary.WhyOther(packet) is not null)
        {
            return false;
        }

        uint body = BinaryPacket.NumberAt(packet, 8, 4);
        int keyLength = (int)BinaryPacket.NumberAt(packet, 2, 2);
        int extras = packet[4];
        if (packet.Length - header < body)
        {
            return false;
        }

        byte opcode = (byte)packet[1];
        string key = packet.Substring(header + extras, keyLength);
        string value = packet[(header + extras + keyLength)..];
        if (Arithmetic.Contains(opcode))
        {
            return !held.May(key) && !blank.Contains(key);
        }

        if (Gets.Contains(opcode))
        {
            held.Read(key);
        }
        else if (Stores.Contains(opcode) && (string.IsNullOrWhiteSpace(value) || value.Length > MostDigits))
        {
            blank.Add(key);
        }

        return true;
    }
}
