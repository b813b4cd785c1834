using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>The command stats: what it is asked for, and what goes on collecting for it.</summary>
internal sealed class StatsCommand(ServerContext server)
{
    // stats [<what> [<more>]]
    public IReplySource? Execute(Tokens words, ref Turn turn)
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
            return Sizes(ref turn.Writer);
        }
        else if (what.SequenceEqual("sizes_enable"u8) || what.SequenceEqual("sizes_disable"u8))
        {
            TrackSizes(what.SequenceEqual("sizes_enable"u8), ref turn.Writer);
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

    // stats sizes
    private SizeHistogram? Sizes(ref ReplyWriter writer)
    {
        if (server.Maintenance.TracksSizes)
        {
            return new SizeHistogram(server.Table);
        }

        writer.Stat("sizes_status", "disabled");
        writer.Write(Replies.End);
        return null;
    }

    // stats sizes_enable, stats sizes_disable. No END comes behind (memcached).
    private void TrackSizes(bool enable, ref ReplyWriter writer)
    {
        if (enable && !server.Options.UseCas)
        {
            // memcached counts by what is newer than the count; here nothing depends on that.
            writer.Stat("sizes_status", "error");
            writer.Stat("sizes_error", "cas_support_disabled");
        }
        else
        {
            server.Maintenance.TracksSizes = enable;
            writer.Stat("sizes_status", enable ? "enabled" : "disabled");
        }
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
        if (!server.Options.AllowDump)
        {
            writer.Write(Replies.CacheDumpNotAllowed);
            return null;
        }

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

        if (sizeClass >= SlabClass.Count)
        {
            writer.Write(Replies.IllegalSlab);
            return null;
        }

        return new ItemDump(server, [SlabClass.IndexOf(sizeClass)], most == 0 ? long.MaxValue : (long)Math.Min(most, long.MaxValue), DumpFormat.Cachedump);
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
}
