using System.Buffers;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Memcached.Server.Administration;

namespace LivenessEngine.Memcached.Server.Binary;

/// <summary>
/// Stat: what the text protocol's stats says under the same name, a reply for each line, its name the key and its value the
/// value, and one without either at the end.
/// </summary>
internal sealed class BinaryStats : IReplySource
{
    private readonly ServerContext _server;
    private readonly ReplyAddress _sender;
    private readonly ArrayBufferWriter<byte> _lines = new();

    // Prefixes are told in one reply, as the text that they are (memcached, proto_bin.c).
    private readonly bool _isDetail;

    private byte[]? _what;
    private IReplySource? _source;

    /// <param name="server">Whose.</param>
    /// <param name="sender">Who wants to know.</param>
    /// <param name="what">What: the words behind stats.</param>
    public BinaryStats(ServerContext server, in ReplyAddress sender, ReadOnlySpan<byte> what)
    {
        _server = server;
        _sender = sender;
        _what = what.ToArray();
        _isDetail = IsDetailDump(new Tokens(what));
    }

    public bool TryWrite(ref Turn turn)
    {
        bool more = TryRead();
        if (_isDetail)
        {
            turn.Writer.ReplyWithKey(_sender, BinaryStatus.Success, "detailed"u8, _lines.WrittenSpan);
            turn.Writer.Reply(_sender, BinaryStatus.Success);
        }
        else
        {
            Write(_lines.WrittenSpan, ref turn.Writer);
        }

        _lines.Clear();
        return more;
    }

    // By words, as the text protocol takes it, which makes the lines.
    private static bool IsDetailDump(Tokens words) => words.Next().SequenceEqual("detail"u8) && words.Next().SequenceEqual("dump"u8);

    // The next lines; whether there are more.
    private bool TryRead()
    {
        var text = new Turn(_server, _lines);
        bool more;
        if (_what is { } what)
        {
            _what = null;
            _source = new StatsCommand(_server).Execute(new Tokens(what), ref text);
            more = _source is not null;
        }
        else
        {
            more = _source!.TryWrite(ref text);
        }

        text.Writer.Complete();
        return more;
    }

    private void Write(ReadOnlySpan<byte> lines, ref ReplyWriter writer)
    {
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf("\r\n"u8);
            var line = new Tokens(lines[..end]);
            lines = lines[(end + 2)..];
            ReadOnlySpan<byte> kind = line.Next();
            if (kind.SequenceEqual("STAT"u8) || kind.SequenceEqual("ITEM"u8))
            {
                writer.ReplyWithKey(_sender, BinaryStatus.Success, line.Next(), line.Rest);
            }
            else if (kind.EndsWith("ERROR"u8))
            {
                writer.Fail(_sender, BinaryStatus.NotFound);
            }
            else
            {
                // END, or that it is done.
                writer.Reply(_sender, BinaryStatus.Success);
            }
        }
    }
}
