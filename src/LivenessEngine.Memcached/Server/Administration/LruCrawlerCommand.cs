using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>The command lru_crawler: it lists items, and has the expired ones taken away.</summary>
internal sealed class LruCrawlerCommand(ServerContext server)
{
    private const int MostSleepMicroseconds = 1_000_000;

    // lru_crawler metadump|mgdump|crawl <classes>|all|hash, enable, disable, sleep <microseconds>, tocrawl <items>
    public IReplySource? Execute(Tokens words, bool noReply, ref Turn turn)
    {
        ReadOnlySpan<byte> what = words.Next();
        ReadOnlySpan<byte> argument = words.Next();
        if (!server.Table.CrawlsForExpired && !argument.IsEmpty && IsCrawl(what))
        {
            turn.Reply(noReply, "CLIENT_ERROR lru crawler disabled\r\n"u8);
            return null;
        }

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
            reply = Switch(what);
        }
        else if (what.SequenceEqual("crawl"u8))
        {
            if (SlabClass.TryParseList(argument, out _))
            {
                return new ExpiredCrawl(server.Table, noReply);
            }

            reply = "BADCLASS invalid class id\r\n"u8;
        }
        else if (what.SequenceEqual("tocrawl"u8))
        {
            reply = Limit(argument);
        }
        else if (what.SequenceEqual("sleep"u8))
        {
            reply = Sleep(argument);
        }

        turn.Reply(noReply, reply);
        return null;
    }

    private static bool IsCrawl(ReadOnlySpan<byte> what)
        => what.SequenceEqual("crawl"u8) || what.SequenceEqual("metadump"u8) || what.SequenceEqual("mgdump"u8);

    // To switch on what is on is an error, to switch off what is off is none (memcached, crawler.c).
    private ReadOnlySpan<byte> Switch(ReadOnlySpan<byte> what)
    {
        bool enable = what.SequenceEqual("enable"u8);
        if (!enable && !what.SequenceEqual("disable"u8))
        {
            return Replies.Error;
        }

        if (enable && server.Table.CrawlsForExpired)
        {
            return "ERROR failed to start lru crawler thread\r\n"u8;
        }

        server.Table.CrawlsForExpired = enable;
        return Replies.Ok;
    }

    private ReadOnlySpan<byte> Limit(ReadOnlySpan<byte> items)
    {
        if (!WireNumber.TryParse(items, out ulong number) || number > uint.MaxValue)
        {
            return Replies.BadFormat;
        }

        server.Maintenance.CrawlerLimit = (uint)number;
        return Replies.Ok;
    }

    private ReadOnlySpan<byte> Sleep(ReadOnlySpan<byte> microseconds)
    {
        if (!WireNumber.TryParse(microseconds, out ulong number) || number > uint.MaxValue)
        {
            return Replies.BadFormat;
        }

        if (number > MostSleepMicroseconds)
        {
            return "CLIENT_ERROR sleep must be one second or less\r\n"u8;
        }

        server.Maintenance.CrawlerSleep = (uint)number;
        return Replies.Ok;
    }
}
