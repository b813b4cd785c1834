using System.Numerics;
using LivenessEngine.Memcached.Protocol.Binary;

namespace LivenessEngine.Memcached.Tests.Protocol.Binary;

/// <summary>The binary parser again, slow and obvious: the table of the protocol's document, and lists of bytes.</summary>
internal static class SlowBinaryParser
{
    // Of each command: its name without Q, whether it is quiet, bytes of extras, and whether a key and a value may, must (!) or
    // must not (-) be there.
    private static readonly Dictionary<byte, (string Name, bool Quiet, int[] Extras, string Key, string Value)> Commands = new()
    {
        [0x00] = ("Get", false, [0], "!", "-"),
        [0x01] = ("Set", false, [8], "!", ""),
        [0x02] = ("Add", false, [8], "!", ""),
        [0x03] = ("Replace", false, [8], "!", ""),
        [0x04] = ("Delete", false, [0], "!", "-"),
        [0x05] = ("Increment", false, [20], "!", "-"),
        [0x06] = ("Decrement", false, [20], "!", "-"),
        [0x07] = ("Quit", false, [0], "-", "-"),
        [0x08] = ("Flush", false, [0, 4], "-", "-"),
        [0x09] = ("Get", true, [0], "!", "-"),
        [0x0a] = ("NoOp", false, [0], "-", "-"),
        [0x0b] = ("Version", false, [0], "-", "-"),
        [0x0c] = ("GetK", false, [0], "!", "-"),
        [0x0d] = ("GetK", true, [0], "!", "-"),
        [0x0e] = ("Append", false, [0], "!", ""),
        [0x0f] = ("Prepend", false, [0], "!", ""),
        [0x10] = ("Stat", false, [0], "", "-"),
        [0x11] = ("Set", true, [8], "!", ""),
        [0x12] = ("Add", true, [8], "!", ""),
        [0x13] = ("Replace", true, [8], "!", ""),
        [0x14] = ("Delete", true, [0], "!", "-"),
        [0x15] = ("Increment", true, [20], "!", "-"),
        [0x16] = ("Decrement", true, [20], "!", "-"),
        [0x17] = ("Quit", true, [0], "-", "-"),
        [0x18] = ("Flush", true, [0, 4], "-", "-"),
        [0x19] = ("Append", true, [0], "!", ""),
        [0x1a] = ("Prepend", true, [0], "!", ""),
        [0x1b] = ("Verbosity", false, [4], "-", "-"),
        [0x1c] = ("Touch", false, [4], "!", "-"),
        [0x1d] = ("Gat", false, [4], "!", "-"),
        [0x1e] = ("Gat", true, [4], "!", "-"),
        [0x20] = ("SaslListMechanisms", false, [0], "-", "-"),
        [0x21] = ("SaslAuthenticate", false, [0], "!", ""),
        [0x22] = ("SaslStep", false, [0], "!", ""),
        [0x23] = ("GatK", false, [4], "!", "-"),
        [0x24] = ("GatK", true, [4], "!", "-"),
    };

    /// <summary>What the bytes are, in one comparable text.</summary>
    public static string Parse(List<byte> input)
    {
        if (input.Count > 0 && input[0] != 0x80)
        {
            return "BadMagic";
        }

        if (input.Count < 24)
        {
            return "NeedMore";
        }

        BigInteger key = Number(input, 2, 2);
        BigInteger extras = input[4];
        BigInteger value = Number(input, 8, 4) - key - extras;
        bool known = Commands.TryGetValue(input[1], out (string Name, bool Quiet, int[] Extras, string Key, string Value) command);
        if (value < 0)
        {
            return "BadLengths";
        }

        if (key > 250
            || (known && (!command.Extras.Contains((int)extras) || !Fits(command.Key, key) || !Fits(command.Value, value))))
        {
            return "InvalidArguments";
        }

        if (input.Count < 24 + key + extras)
        {
            return "NeedMore";
        }

        string name = known ? command.Name : $"{(Opcode)input[1]}";
        string body = Convert.ToHexString([.. input.Skip(24).Take((int)(key + extras))]);
        return $"{(known ? "Done" : "UnknownCommand")} {name}{(command.Quiet ? "Q" : "")} {body} value={value} cas={Number(input, 16, 8)}";
    }

    private static bool Fits(string rule, BigInteger length) => rule switch
    {
        "!" => length > 0,
        "-" => length == 0,
        _ => true,
    };

    private static BigInteger Number(List<byte> input, int at, int length)
        => input.Skip(at).Take(length).Aggregate(BigInteger.Zero, (number, b) => (number * 256) + b);
}
