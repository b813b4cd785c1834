using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>What the reply to an ms is to name: kept while its data block comes, because the line is gone by then.</summary>
internal struct MetaEcho
{
    private Order _order;
    private int _count;
    private Opaque _opaque;
    private int _opaqueLength;
    private bool _isBinaryKey;

    /// <summary>Success is not told.</summary>
    public bool IsQuiet { get; private set; }

    /// <summary>Bytes of the value that comes.</summary>
    public int ValueLength { get; private set; }

    public static MetaEcho Of(scoped MetaRequest request, int valueLength)
    {
        var echo = new MetaEcho { IsQuiet = request.IsQuiet, ValueLength = valueLength, _isBinaryKey = request.IsBinaryKey };
        var words = new Tokens(request.Flags);
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            if (!"Okcs"u8.Contains(word[0]))
            {
                continue;
            }

            echo._order[echo._count++] = word[0];
            if (word[0] == 'O')
            {
                word.CopyTo(echo._opaque);
                echo._opaqueLength = word.Length;
            }
        }

        return echo;
    }

    /// <summary>Writes it behind the reply's code, and the end of the line.</summary>
    public void Write(scoped ReadOnlySpan<byte> key, ulong version, int valueLength, ref ReplyWriter writer)
    {
        for (int i = 0; i < _count; i++)
        {
            switch ((char)_order[i])
            {
                case 'O':
                    writer.Flag(((ReadOnlySpan<byte>)_opaque)[.._opaqueLength]);
                    break;
                case 'k':
                    writer.Key(key, _isBinaryKey);
                    break;
                case 'c':
                    writer.Flag('c', version);
                    break;
                default:
                    writer.Flag('s', (ulong)valueLength);
                    break;
            }
        }

        writer.Write("\r\n"u8);
    }

    [InlineArray(4)]
    private struct Order
    {
        private byte _first;
    }

    [InlineArray(MetaParser.MaxOpaqueLength)]
    private struct Opaque
    {
        private byte _first;
    }
}
