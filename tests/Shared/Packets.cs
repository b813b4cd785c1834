using System.Buffers.Binary;
using System.Text;

namespace LivenessEngine.Testing;

/// <summary>
/// Requests and replies of the binary protocol as tests have them, each character a byte. In the place of a version there
/// may stand a placeholder: <c>{cas}</c> or <c>{cas:name}</c> in a reply, <c>{name}</c> in a request.
/// </summary>
internal static class Packets
{
    public const byte Get = 0x00;
    public const byte Set = 0x01;
    public const byte Add = 0x02;
    public const byte Replace = 0x03;
    public const byte Delete = 0x04;
    public const byte Increment = 0x05;
    public const byte Decrement = 0x06;
    public const byte Quit = 0x07;
    public const byte Flush = 0x08;
    public const byte GetQ = 0x09;
    public const byte NoOp = 0x0a;
    public const byte VersionCommand = 0x0b;
    public const byte GetK = 0x0c;
    public const byte GetKQ = 0x0d;
    public const byte Append = 0x0e;
    public const byte Prepend = 0x0f;
    public const byte Stat = 0x10;
    public const byte SetQ = 0x11;
    public const byte AddQ = 0x12;
    public const byte ReplaceQ = 0x13;
    public const byte DeleteQ = 0x14;
    public const byte IncrementQ = 0x15;
    public const byte DecrementQ = 0x16;
    public const byte QuitQ = 0x17;
    public const byte FlushQ = 0x18;
    public const byte AppendQ = 0x19;
    public const byte PrependQ = 0x1a;
    public const byte Verbosity = 0x1b;
    public const byte Touch = 0x1c;
    public const byte Gat = 0x1d;
    public const byte GatQ = 0x1e;
    public const byte SaslList = 0x20;
    public const byte SaslAuth = 0x21;
    public const byte SaslStep = 0x22;
    public const byte GatK = 0x23;
    public const byte GatKQ = 0x24;

    public const ushort NotFound = 1;
    public const ushort Exists = 2;
    public const ushort TooLarge = 3;
    public const ushort InvalidArguments = 4;
    public const ushort NotStored = 5;
    public const ushort NonNumeric = 6;
    public const ushort AuthenticationFailed = 0x20;
    public const ushort UnknownCommand = 0x81;
    public const ushort OutOfMemory = 0x82;

    /// <summary>No version.</summary>
    public const string None = "\0\0\0\0\0\0\0\0";

    /// <summary>Any version, in a reply.</summary>
    public const string AnyCas = "{cas}";

    public const int HeaderLength = 24;

    private const string Opaque = "\u0001op\u00ff";

    /// <summary>A NoOp, and its reply: what shows that everything before it was answered.</summary>
    public static readonly string Ask = Request(NoOp);

    public static readonly string Answered = Reply(NoOp);

    public static string Request(byte opcode, string key = "", string extras = "", string value = "", string cas = None)
        => Header(0x80, opcode, key.Length, extras.Length, 0, extras.Length + key.Length + value.Length, cas) + extras + key + value;

    /// <summary>A request whose header lies.</summary>
    public static string Lying(byte opcode, int keyLength, int extrasLength, uint bodyLength, string body = "", byte magic = 0x80)
        => Header(magic, opcode, keyLength, extrasLength, 0, bodyLength, None) + body;

    public static string Reply(byte opcode, string value = "", string key = "", string extras = "", string cas = None, ushort status = 0)
        => Header(0x81, opcode, key.Length, extras.Length, status, extras.Length + key.Length + value.Length, cas) + extras + key + value;

    /// <summary>A failure, with what memcached says of it.</summary>
    public static string Fail(byte opcode, ushort status) => Reply(opcode, MessageOf(status), status: status);

    /// <summary>The same request or reply, with another number for the client to know it by.</summary>
    public static string Numbered(uint number, string packet) => packet[..12] + Big(number) + packet[16..];

    /// <summary>Set, Add and Replace.</summary>
    public static string Store(byte opcode, string key, string value, uint flags = 0, uint exptime = 0, string cas = None)
        => Request(opcode, key, Big(flags) + Big(exptime), value, cas);

    /// <summary>The reply to a store that was done.</summary>
    public static string Stored(byte opcode, string cas = AnyCas) => Reply(opcode, cas: cas);

    /// <summary>The reply to a get.</summary>
    public static string Value(byte opcode, string value, uint flags = 0, string key = "", string cas = AnyCas) => Reply(opcode, value, key, Big(flags), cas);

    /// <summary>Increment and Decrement.</summary>
    public static string Count(byte opcode, string key, ulong delta, ulong initial = 0, uint exptime = 0, string cas = None)
        => Request(opcode, key, Big(delta) + Big(initial) + Big(exptime), cas: cas);

    /// <summary>The reply to them.</summary>
    public static string Number(byte opcode, ulong value, string cas = AnyCas) => Reply(opcode, Big(value), cas: cas);

    public static string Big(uint number) => string.Concat(Enumerable.Range(0, 4).Select(i => (char)(byte)(number >> (24 - (8 * i)))));

    public static string Big(ulong number) => Big((uint)(number >> 32)) + Big((uint)number);

    /// <summary>The statistics among replies, as the lines that the text protocol has.</summary>
    public static IEnumerable<string> StatLines(string replies)
    {
        for (int at = 0; at < replies.Length && replies[at] == '\u0081';)
        {
            int length = LengthAt(replies, at);
            int key = StatLength(replies, at) > 0 ? KeyLength(replies, at) : 0;
            if (key > 0)
            {
                yield return $"STAT {replies.AsSpan(at + HeaderLength, key)} {replies.AsSpan(at + HeaderLength + key, length - HeaderLength - key)}";
            }

            at += length;
        }
    }

    /// <summary>How long the statistic is that begins there; 0 for none, and more than there is where it is cut off.</summary>
    public static int StatLength(string reply, int at)
    {
        string begins = reply[at..Math.Min(at + 2, reply.Length)];
        return !"\u0081\u0010".StartsWith(begins, StringComparison.Ordinal) ? 0
            : reply.Length - at < HeaderLength ? HeaderLength
            : KeyLength(reply, at) == 0 ? 0
            : LengthAt(reply, at);
    }

    /// <summary>How long the whole packet is that begins there.</summary>
    public static int LengthAt(string replies, int at)
        => HeaderLength + (int)BinaryPrimitives.ReadUInt32BigEndian(Encoding.Latin1.GetBytes(replies[(at + 8)..(at + 12)]));

    /// <summary>How long the failure of a quiet set is that begins there; 0 for none.</summary>
    public static int FailureLength(string reply, int at)
    {
        string failure = Fail(SetQ, OutOfMemory);
        return failure.StartsWith(reply[at..Math.Min(at + failure.Length, reply.Length)], StringComparison.Ordinal) ? failure.Length : 0;
    }

    private static int KeyLength(string reply, int at) => (reply[at + 2] << 8) | reply[at + 3];

    private static string Header(byte magic, byte opcode, int keyLength, int extrasLength, ushort status, long bodyLength, string cas)
        => $"{(char)magic}{(char)opcode}{(char)(keyLength >> 8)}{(char)(keyLength & 0xff)}{(char)extrasLength}\0"
            + $"{(char)(status >> 8)}{(char)(status & 0xff)}{Big((uint)bodyLength)}{Opaque}{cas}";

    private static string MessageOf(ushort status) => status switch
    {
        NotFound => "Not found",
        Exists => "Data exists for key.",
        TooLarge => "Too large.",
        InvalidArguments => "Invalid arguments",
        NotStored => "Not stored.",
        NonNumeric => "Non-numeric server-side value for incr or decr",
        AuthenticationFailed => "Auth failure.",
        UnknownCommand => "Unknown command",
        _ => "Out of memory allocating item",
    };
}
