using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Administration;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>Everything that is no get, store or count: rare, and so free to be simple.</summary>
internal sealed class AdministrativeCommands(ServerContext server)
{
    private const int SmallestLimit = 8;
    private const ulong LargestLimit = 1_000_000_000;
    private const int MaxVerbosity = 2;
    private const int MostSleepMicroseconds = 1_000_000;
    private const int SlabClasses = 64;

    /// <summary>Executes a command and writes its reply, or returns the source of a long one.</summary>
    public IReplySource? Execute(scoped in Request request, ref Turn turn, out bool close)
    {
        close = false;
        var words = new Tokens(request.Arguments);
        switch (request.Command)
        {
            case Command.Stats:
                return Stats(words, ref turn);
            case Command.LruCrawler:
                return LruCrawler(words, request.NoReply, ref turn);
            case Command.Version:
                turn.Writer.WriteLine("VERSION " + ServerContext.ProtocolVersion);
                return null;
            case Command.Shutdown:
                Shutdown(words, ref turn, out close);
                return null;
            case Command.FlushAll:
                FlushAll(words, request.NoReply, ref turn);
                return null;
            case Command.Verbosity:
                Verbosity(words, request.NoReply, ref turn);
                return null;
            case Command.Liveness:
                Liveness(words, request.NoReply, ref turn);
                return null;
            case Command.CacheMemlimit:
                CacheMemlimit(words, request.NoReply, ref turn);
                return null;
            default:
                turn.Reply(request.NoReply, Replies.Error);
                return null;
        }

    }

    // flush_all [<delay>] [noreply]
    private void FlushAll(Tokens words, bool noReply, ref Turn turn)
    {
        turn.Counters.Add(WireCounter.FlushCommands);
        if (!server.Options.AllowFlush)
        {
            turn.Reply(noReply, Replies.FlushNotAllowed);
            return;
        }

        long delay = 0;
        if (words.Count() > (noReply ? 1 : 0) && !WireNumber.TryParse(words.Next(), out delay))
        {
            turn.Reply(noReply, Replies.InvalidExptime);
            return;
        }

        if (delay > 0)
        {
            server.Table.FlushAt(Expiry.ToDeadline(delay, turn.Now.UnixMilliseconds));
        }
        else
        {
            server.Table.Flush();
        }

        turn.Reply(noReply, Replies.Ok);
    }

    // verbosity <level> [noreply]
    private void Verbosity(Tokens words, bool noReply, ref Turn turn)
    {
        if (!WireNumber.TryParse(words.Next(), out ulong level) || level > uint.MaxValue)
        {
            turn.Reply(noReply, Replies.BadFormat);
            return;
        }

        server.Verbosity = (int)Math.Min(level, MaxVerbosity);
        turn.Reply(noReply, Replies.Ok);
    }

    // cache_memlimit <megabytes> [noreply]
    private void CacheMemlimit(Tokens words, bool noReply, ref Turn turn)
    {
        if (!WireNumber.TryParse(words.Next(), out ulong megabytes) || megabytes > uint.MaxValue)
        {
            turn.Reply(noReply, Replies.Error);
            return;
        }

        turn.Reply(
            noReply,
            megabytes < SmallestLimit ? Replies.MemlimitTooSmall
            : megabytes > LargestLimit ? Replies.MemlimitNotMegabytes
            : server.Table.TrySetMemoryLimit((long)megabytes << 20) ? Replies.Ok
            : Replies.MemlimitFailed);
    }

    // shutdown [graceful]
    private void Shutdown(Tokens words, ref Turn turn, out bool close)
    {
        ReadOnlySpan<byte> mode = words.Next();
        close = server.Options.AllowShutdown && (mode.IsEmpty || mode.SequenceEqual("graceful"u8));
        if (close)
        {
            server.RequestShutdown(graceful: !mode.IsEmpty);
            return;
        }

        turn.Writer.Write(server.Options.AllowShutdown ? Replies.InvalidShutdown : Replies.ShutdownNotEnabled);
    }

    // stats [<what> [<more>]]
    private IReplySource? Stats(Tokens words, ref Turn turn)
    {
        ReadOnlySpan<byte> what = words.Next();
        if (what.IsEmpty)
        {
            GeneralStats.Write(server, ref turn);
        }
        else if (what.SequenceEqual("settings"u8))
        {
            SettingsStats.Write(server, ref turn);
        }
        else if (what.SequenceEqual("items"u8))
        {
            SlabStats.WriteItems(server, ref turn);
        }
        else if (what.SequenceEqual("slabs"u8))
        {
            SlabStats.WriteSlabs(server, ref turn);
        }
        else if (what.SequenceEqual("sizes"u8))
        {
            turn.Writer.Stat("sizes_status", "disabled");
            turn.Writer.Write(Replies.End);
        }
        else if (what.SequenceEqual("conns"u8))
        {
            ConnectionStats.Write(server, ref turn);
        }
        else if (what.SequenceEqual("reset"u8))
        {
            server.ResetCounters();
            turn.Writer.Write(Replies.Reset);
        }
        else if (what.SequenceEqual("detail"u8))
        {
            Detail(words.Next(), ref turn.Writer);
        }
        else if (what.SequenceEqual("cachedump"u8))
        {
            return CacheDump(words, ref turn.Writer);
        }
        else if (what.SequenceEqual("extstore"u8))
        {
            turn.Writer.Write(Replies.End);
        }
        else if (what.SequenceEqual("liveness"u8))
        {
            return Liveness(words.Next());
        }
        else if (what.SequenceEqual("liveness-engine"u8))
        {
            return new EngineStats(server);
        }
        else if (what.SequenceEqual("liveness-history"u8))
        {
            return History(words.Next(), ref turn.Writer);
        }
        else
        {
            turn.Writer.Write(Replies.Error);
        }

        return null;
    }

    // stats detail on|off|dump
    private void Detail(ReadOnlySpan<byte> what, ref ReplyWriter writer)
    {
        if (what.SequenceEqual("dump"u8))
        {
            server.Prefixes.Write(ref writer);
        }
        else if (what.SequenceEqual("on"u8) || what.SequenceEqual("off"u8))
        {
            server.Prefixes.IsCollecting = what.SequenceEqual("on"u8);
            writer.Write(Replies.Ok);
        }
        else
        {
            writer.Write(Replies.DetailUsage);
        }
    }

    // stats cachedump <class> <limit>; 0 is no limit
    private ItemDump? CacheDump(Tokens words, ref ReplyWriter writer)
    {
        ReadOnlySpan<byte> id = words.Next();
        ReadOnlySpan<byte> limit = words.Next();
        if (limit.IsEmpty)
        {
            writer.Write(Replies.BadCommandLine);
            return null;
        }

        if (!WireNumber.TryParse(id, out ulong sizeClass) | !WireNumber.TryParse(limit, out ulong most))
        {
            writer.Write(Replies.BadFormat);
            return null;
        }

        if (sizeClass >= SlabClasses)
        {
            writer.Write(Replies.IllegalSlab);
            return null;
        }

        return new ItemDump(server, [IndexOf(sizeClass)], most == 0 ? long.MaxValue : (long)Math.Min(most, long.MaxValue), DumpFormat.Cachedump);
    }

    // stats liveness [<group>]
    private LivenessStats? Liveness(ReadOnlySpan<byte> group)
    {
        int? number = group.IsEmpty ? null : server.Engine.Groups.Find(group);
        return new LivenessStats(number == -1 ? [] : server.Engine.Members(number));
    }

    // stats liveness-history [<n>]
    private HistoryStats? History(ReadOnlySpan<byte> most, ref ReplyWriter writer)
    {
        ulong number = long.MaxValue;
        if (!most.IsEmpty && !WireNumber.TryParse(most, out number))
        {
            writer.Write(Replies.BadFormat);
            return null;
        }

        return new HistoryStats(server, (long)Math.Min(number, long.MaxValue));
    }

    // liveness release <group>
    private void Liveness(Tokens words, bool noReply, ref Turn turn)
    {
        bool release = words.Next().SequenceEqual("release"u8);
        ReadOnlySpan<byte> group = words.Next();
        turn.Reply(
            noReply,
            !release || group.IsEmpty ? Replies.Error
            : server.Engine.Monitor.Release(server.Engine.Groups.Find(group)) ? Replies.Ok
            : Replies.NotFound);
    }

    // lru_crawler metadump|mgdump|crawl <classes>|all|hash, enable, disable, sleep <microseconds>, tocrawl <items>
    private ItemDump? LruCrawler(Tokens words, bool noReply, ref Turn turn)
    {
        ReadOnlySpan<byte> what = words.Next();
        ReadOnlySpan<byte> argument = words.Next();
        bool metadump = what.SequenceEqual("metadump"u8);
        if ((metadump || what.SequenceEqual("mgdump"u8)) && !argument.IsEmpty)
        {
            if (TryParseClasses(argument, out List<int> classes))
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
            reply = TryParseClasses(argument, out _) ? Replies.Ok : "BADCLASS invalid class id\r\n"u8;
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

    private static bool TryParseClasses(ReadOnlySpan<byte> list, out List<int> classes)
    {
        classes = [];
        if (list.SequenceEqual("all"u8) || list.SequenceEqual("hash"u8))
        {
            classes.Add(-1);
            return true;
        }

        foreach (Range range in list.Split((byte)','))
        {
            if (!WireNumber.TryParse(list[range], out ulong sizeClass) || sizeClass is 0 or >= SlabClasses)
            {
                return false;
            }

            classes.Add(IndexOf(sizeClass));
        }

        return true;
    }

    // A class number beyond ours has no items.
    private static int IndexOf(ulong sizeClass)
        => sizeClass is > 0 && sizeClass <= (ulong)SizeClasses.Count ? (int)sizeClass - 1 : int.MaxValue;
}
