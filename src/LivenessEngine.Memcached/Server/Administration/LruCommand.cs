using System.Buffers.Text;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// The command lru. What it tunes are memcached's lists of items by their age, which are not here: what is used least goes
/// first without them. So a good request is obeyed by doing nothing, and a bad one is an error as there.
/// </summary>
internal static class LruCommand
{
    private const ulong MostPercent = 80;

    // lru tune <percent hot> <percent warm> <hot factor> <warm factor>, lru mode flat|segmented, lru temp_ttl <seconds>
    public static void Execute(Tokens words, bool noReply, ref Turn turn)
    {
        ReadOnlySpan<byte> what = words.Next();
        turn.Reply(
            noReply,
            what.SequenceEqual("tune"u8) ? Tune(words)
            : what.SequenceEqual("mode"u8) ? Mode(words.Next())
            : what.SequenceEqual("temp_ttl"u8) ? TemporaryTimeToLive(words.Next())
            : Replies.Error);
    }

    private static ReadOnlySpan<byte> Tune(Tokens words)
    {
        if (!WireNumber.TryParse(words.Next(), out ulong hot) || hot > uint.MaxValue
            || !WireNumber.TryParse(words.Next(), out ulong warm) || warm > uint.MaxValue
            || !TryParse(words.Next(), out double hotFactor)
            || !TryParse(words.Next(), out double warmFactor))
        {
            return Replies.Error;
        }

        return hot + warm > MostPercent ? "ERROR hot and warm pcts must not exceed 80\r\n"u8
            : hotFactor <= 0 || warmFactor <= 0 ? "ERROR hot/warm age factors must be greater than 0\r\n"u8
            : Replies.Ok;
    }

    private static ReadOnlySpan<byte> Mode(ReadOnlySpan<byte> mode)
        => mode.SequenceEqual("flat"u8) || mode.SequenceEqual("segmented"u8) ? Replies.Ok : Replies.Error;

    private static ReadOnlySpan<byte> TemporaryTimeToLive(ReadOnlySpan<byte> seconds)
        => WireNumber.TryParse(seconds, out long number) && number is >= int.MinValue and <= int.MaxValue ? Replies.Ok : Replies.Error;

    private static bool TryParse(ReadOnlySpan<byte> word, out double number)
        => Utf8Parser.TryParse(word, out number, out int used) && used == word.Length;
}
