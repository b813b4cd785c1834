using System.Text;
using LivenessEngine.Fuzz.Differential;

namespace LivenessEngine.Fuzz;

/// <summary>Binary requests as a client sends them that knows the protocol, administration included.</summary>
internal static class BinaryConversations
{
    private static readonly string[] Keys =
        ["a", "b", "compute:host1", "cert:x:y", new string('k', 250), "\u00e4\u00ff", "0123456789abcdef0123456789abcdef01234567"];

    private static readonly string[] Stats = ["", "settings", "items", "slabs", "conns", "liveness", "reset", "detail on", "detail dump", "nope"];

    /// <summary>One request or a few.</summary>
    public static byte[] Next(Random random)
    {
        var requests = new StringBuilder();
        for (int left = random.Next(1, 8); left > 0; left--)
        {
            requests.Append(random.Next(12) == 0 ? Administration(random) : BinaryGenerator.Request(random, Keys[random.Next(Keys.Length)], BinaryPacket.Number((ulong)random.Next(3), 8)));
        }

        return Encoding.Latin1.GetBytes(requests.ToString());
    }

    private static string Administration(Random random) => random.Next(6) switch
    {
        0 or 1 => BinaryPacket.Request(0x10, Stats[random.Next(Stats.Length)], "", "", 1, BinaryPacket.Number(0, 8)),
        2 => BinaryPacket.Request((byte)(random.Next(2) == 0 ? 0x08 : 0x18), "", random.Next(2) == 0 ? "" : BinaryPacket.Number((ulong)random.Next(3), 4), "", 2, BinaryPacket.Number(0, 8)),
        3 => BinaryPacket.Request(0x1b, "", BinaryPacket.Number(2, 4), "", 3, BinaryPacket.Number(0, 8)),
        4 => BinaryPacket.Request((byte)random.Next(0x20, 0x23), "PLAIN", "", "\0user\0secret", 4, BinaryPacket.Number(0, 8)),
        _ => BinaryPacket.Request((byte)(random.Next(2) == 0 ? 0x07 : 0x17), "", "", "", 5, BinaryPacket.Number(0, 8)),
    };
}
