namespace LivenessEngine.Fuzz.Differential;

/// <summary>Binary requests that memcached 1.6.18 is known to answer otherwise than we do; a stream is compared up to the first of them.</summary>
internal static class OlderBinary
{
    private static readonly (string Why, Func<byte, string, bool> Matches)[] Differences =
    [
        ("administration is in the wire table: replies are each server's own", (opcode, _) => opcode is 0x07 or 0x08 or 0x10 or 0x17 or 0x18 or 0x1b or 0x20 or 0x21 or 0x22),
        ("a command that is none swallows key and extras twice", (opcode, packet) => (opcode > 0x24 || opcode is 0x1f) && BinaryPacket.NumberAt(packet, 8, 4) > 0),
        ("a value where none belongs is read as the next request", (opcode, packet) => opcode is not (>= 0x01 and <= 0x03 or >= 0x0e and <= 0x0f or >= 0x11 and <= 0x13 or >= 0x19 and <= 0x1a)
            && BinaryPacket.NumberAt(packet, 8, 4) > BinaryPacket.NumberAt(packet, 2, 2) + packet[4]),
        ("a key that is too long closes, and the reply may be lost with what came behind", (_, packet) => BinaryPacket.NumberAt(packet, 2, 2) > 250),
        ("lengths that lie close, and the reply may be lost with what came behind", (_, packet) => BinaryPacket.NumberAt(packet, 2, 2) + packet[4] > BinaryPacket.NumberAt(packet, 8, 4)),
        ("a first byte that is none closes, and the replies before it are thrown away", (_, packet) => packet[0] != 0x80),
    ];

    /// <summary>Why the request may be answered otherwise; null if it may not.</summary>
    public static string? WhyOther(string packet)
    {
        foreach ((string why, Func<byte, string, bool> matches) in Differences)
        {
            if (matches((byte)packet[1], packet))
            {
                return why;
            }
        }

        return null;
    }
}
