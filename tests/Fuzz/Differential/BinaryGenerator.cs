namespace LivenessEngine.Fuzz.Differential;

/// <summary>Random sequences of valid binary requests on a few keys.</summary>
internal sealed class BinaryGenerator(Random random, string prefix)
{
    private const int MostStages = 3;
    private const int MostRequests = 8;

    private static readonly ulong[] Numbers = [0, 1, 2, 9, 10, 99, 100, 4294967295, 4294967296, 9223372036854775807, 9223372036854775808, ulong.MaxValue - 1, ulong.MaxValue];
    private static readonly uint[] ClientFlags = [0, 0, 0, 1, 42, 65_536, 0x8000_0000, uint.MaxValue];
    private static readonly uint[] Exptimes = [0, 0, 0, 0, 100, 1000, 2_592_000, 2_592_001];
    private static readonly string[] Values = ["5", "10", "18446744073709551615", "-1", "x", "1 ", "007", "\u00ff\0", "99999999999999999999"];

    private readonly string[] _keys = [prefix, prefix + "b", prefix + new string('k', 250 - prefix.Length)];

    public Sequence Next()
        => new([.. Enumerable.Range(0, random.Next(1, MostStages + 1)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, MostRequests)).Select(_ => Request())))]);

    /// <summary>A request for a key that expects a version, or none.</summary>
    public static string Request(Random random, string key, string version)
    {
        uint opaque = (uint)random.Next();
        string none = BinaryPacket.Number(0, BinaryPacket.VersionLength);
        string exptime = BinaryPacket.Number(Of(random, Exptimes), 4);
        string Packet(byte opcode, string extras, string value, string withVersion) => BinaryPacket.Request(opcode, key, extras, value, opaque, withVersion);
        return random.Next(12) switch
        {
            0 or 1 => Packet(Of<byte>(random, 0x00, 0x09, 0x0c, 0x0d), "", "", none),
            2 or 3 or 4 => Packet(Of<byte>(random, 0x01, 0x01, 0x02, 0x03, 0x11, 0x12, 0x13), BinaryPacket.Number(Of(random, ClientFlags), 4) + exptime, Value(random), random.Next(2) == 0 ? none : version),
            5 => Packet(Of<byte>(random, 0x04, 0x14), "", "", random.Next(2) == 0 ? none : version),
            6 or 7 => Packet(
                Of<byte>(random, 0x05, 0x06, 0x15, 0x16),
                BinaryPacket.Number(Of(random, Numbers), 8) + BinaryPacket.Number(Of(random, Numbers), 8) + (random.Next(2) == 0 ? exptime : "\u00ff\u00ff\u00ff\u00ff"),
                "",
                random.Next(3) != 0 ? none : version),
            8 => Packet(Of<byte>(random, 0x0e, 0x0f, 0x19, 0x1a), "", Value(random), random.Next(2) == 0 ? none : version),
            9 => Packet(Of<byte>(random, 0x1c, 0x1d, 0x1e), exptime, "", none),
            10 => BinaryPacket.Request(0x0a, "", "", "", opaque, none),
            _ => BinaryPacket.Request(0x0b, "", "", "", opaque, none),
        };
    }

    private static string Value(Random random)
        => random.Next(3) == 0 ? new string((char)random.Next('a', 'z'), random.Next(1, random.Next(100) == 0 ? 70_000 : 60)) : Of(random, Values);

    private static T Of<T>(Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private string Request()
    {
        string key = _keys[random.Next(10) == 0 ? 2 : random.Next(2)];
        return Request(random, key, ((char)(Sequence.FirstVersion + random.Next(Sequence.MostVersions))).ToString());
    }
}
