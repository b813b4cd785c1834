using System.Text;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>Writes requests, and the exact replies that they must get.</summary>
internal abstract class Workload
{
    private readonly byte[] _keyTemplate;
    private readonly byte[][] _values;

    protected Workload(LoadOptions options)
    {
        Options = options;
        _keyTemplate = Encoding.ASCII.GetBytes(options.KeyPrefix.PadRight(options.KeySize, '0'));
        _values = new byte[26][];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = [.. Enumerable.Repeat((byte)('a' + i), options.ValueSize), (byte)'\r', (byte)'\n'];
        }
    }

    public int MostRequestBytes => Options.Operation == Operation.Set ? MostSetBytes : MostGetBytes;

    public abstract int MostReplyBytes { get; }

    /// <summary>What a set is answered with.</summary>
    public abstract ReadOnlySpan<byte> Stored { get; }

    protected LoadOptions Options { get; }

    protected abstract int MostSetBytes { get; }

    protected abstract int MostGetBytes { get; }

    /// <summary>In the language of the server.</summary>
    public static Workload Of(LoadOptions options) => options.Language == Language.Redis ? new RedisWorkload(options) : new MemcachedWorkload(options);

    /// <summary>Appends a request and its reply.</summary>
    public void Write(Random random, Span<byte> request, ref int requestLength, Span<byte> reply, ref int replyLength)
    {
        if (Options.Operation == Operation.Set)
        {
            WriteSet(random.Next(Options.Keys), request, ref requestLength);
            Append(Stored, reply, ref replyLength);
        }
        else
        {
            WriteGet(random, request, ref requestLength, reply, ref replyLength);
        }
    }

    /// <summary>A set of one key, for filling the server before gets.</summary>
    public abstract void WriteSet(int key, Span<byte> request, ref int length);

    protected abstract void WriteGet(Random random, Span<byte> request, ref int requestLength, Span<byte> reply, ref int replyLength);

    /// <summary>With CRLF behind it.</summary>
    protected byte[] ValueOf(int key) => _values[key % _values.Length];

    protected void AppendKey(int key, Span<byte> target, ref int length)
    {
        Span<byte> place = target.Slice(length, _keyTemplate.Length);
        _keyTemplate.CopyTo(place);
        for (int i = place.Length - 1; key > 0; i--, key /= 10)
        {
            place[i] = (byte)('0' + (key % 10));
        }

        length += place.Length;
    }

    protected static void Append(ReadOnlySpan<byte> bytes, Span<byte> target, ref int length)
    {
        bytes.CopyTo(target[length..]);
        length += bytes.Length;
    }
}
