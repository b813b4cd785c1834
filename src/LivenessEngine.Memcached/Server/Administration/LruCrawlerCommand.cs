using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>The command lru_crawler: it lists items, and has the expired ones taken away.</summary>
internal sealed class LruCrawlerCommand(ServerContext server)
{
    private const int MostSleepMicroseconds = 1_000_000;

    // lru_crawler metadump|mgdump|crawl <classes>|all|hash, enable, disable, sleep <microseconds>, tocrawl <items>
    public ItemDump? Execute(Tokens words, bool noReply, ref Turn turn)
    {
        ReadOnlySpan<byte> what = words.Next();
        ReadOnlySpan<byte> argument = words.Next();
        bool metadump = what.SequenceEqual("metadump"u8);
        if ((metadump || what.SequenceEqual("mgdump"u8)) && !argument.IsEmpty)
        {
            if (!server.Options.AllowDump)
            {
                turn.Writer.Write(Replies.MetadumpNotAllowed);
                return null;
            }

            if (SlabClass.TryParseList(argument, out List<int> classes))
            {
                turn.Writer.Write(Replies.Ok);
                return new ItemDump(server, classes, long.MaxValue, metadump ? DumpFormat.Metadump : DumpFormat.Mgdump);
            }

            turn.Writer.Write("BADCLASS invalid class id\r\n"u8);
            return null;
        }

        ReadOnlySpan<byte> reply = Replies.Error;
        if (argument.IsEmpty)
        {
            reply = what.SequenceEqual("enable"u8) ? "ERROR failed to start lru crawler thread\r\n"u8
                : what.SequenceEqual("disable"u8) ? Replies.Ok
                : Replies.Error;
        }
        else if (what.SequenceEqual("crawl"u8))
        {
            reply = SlabClass.TryParseList(argument, out _) ? Replies.Ok : "BADCLASS invalid class id\r\n"u8;
            server.Table.Crawl(int.MaxValue, turn.Now);
        }
        else if (what.SequenceEqual("tocrawl"u8))
        {
            reply = WireNumber.TryParse(argument, out ulong _) ? Replies.Ok : Replies.BadFormat;
        }
        else if (what.SequenceEqual("sleep"u8))
        {
            reply = !WireNumber.TryParse(argument, out ulong sleep) ? Replies.BadFormat
                : sleep > MostSleepMicroseconds ? "CLIENT_ERROR sleep must be one second or less\r\n"u8
                : Replies.Ok;
        }

        turn.Reply(noReply, reply);
        return null;
    }
}
