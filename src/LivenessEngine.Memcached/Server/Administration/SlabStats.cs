using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>stats slabs and stats items: memory by size class, numbered from 1.</summary>
internal static class SlabStats
{
    public static void WriteSlabs(ServerContext server, ref Turn turn)
    {
        ref ReplyWriter writer = ref turn.Writer;
        ClassUsage[] usage = server.Table.UsageByClass(turn.Now);
        int active = 0;
        long pages = 0;
        for (int sizeClass = 0; sizeClass < usage.Length; sizeClass++)
        {
            if (usage[sizeClass].Pages == 0)
            {
                continue;
            }

            active++;
            pages += usage[sizeClass].Pages;
            long chunks = (long)usage[sizeClass].Pages * SizeClasses.BlocksInPage(sizeClass);
            string id = $"{sizeClass + 1}:";
            writer.Stat(id + "chunk_size", SizeClasses.SizeOf(sizeClass));
            writer.Stat(id + "chunks_per_page", SizeClasses.BlocksInPage(sizeClass));
            writer.Stat(id + "total_pages", usage[sizeClass].Pages);
            writer.Stat(id + "total_chunks", chunks);
            writer.Stat(id + "used_chunks", chunks - usage[sizeClass].FreeBlocks);
            writer.Stat(id + "free_chunks", usage[sizeClass].FreeBlocks);
            writer.Stat(id + "free_chunks_end", 0);
            WriteCounters(server.Counters, sizeClass, id, ref writer);
        }

        writer.Stat("active_slabs", active);
        writer.Stat("total_malloced", pages * SizeClasses.PageSize);
        writer.Write(Replies.End);
    }

    public static void WriteItems(ServerContext server, ref Turn turn)
    {
        ref ReplyWriter writer = ref turn.Writer;
        ItemCounters counters = server.Items;
        ClassUsage[] usage = server.Table.UsageByClass(turn.Now);
        for (int sizeClass = 0; sizeClass < usage.Length; sizeClass++)
        {
            long number = counters[TableCounter.Items, sizeClass];
            if (number == 0)
            {
                continue;
            }

            string id = $"items:{sizeClass + 1}:";
            writer.Stat(id + "number", number);
            writer.Stat(id + "age", usage[sizeClass].OldestSeconds);
            writer.Stat(id + "mem_requested", counters[TableCounter.Bytes, sizeClass]);
            writer.Stat(id + "evicted", counters[TableCounter.Evictions, sizeClass]);
            writer.Stat(id + "evicted_nonzero", counters[TableCounter.EvictedWithDeadline, sizeClass]);
            writer.Stat(id + "evicted_time", server.Table.EvictedAge(sizeClass));
            writer.Stat(id + "outofmemory", counters[TableCounter.OutOfMemory, sizeClass]);
            writer.Stat(id + "reclaimed", counters[TableCounter.Reclaimed, sizeClass]);
            writer.Stat(id + "expired_unfetched", counters[TableCounter.ExpiredUnfetched, sizeClass]);
            writer.Stat(id + "evicted_unfetched", counters[TableCounter.EvictedUnfetched, sizeClass]);
            writer.Stat(id + "crawler_reclaimed", counters[TableCounter.CrawlerReclaimed, sizeClass]);
            writer.Stat(id + "crawler_items_checked", counters[TableCounter.CrawlerChecked, sizeClass]);
        }

        writer.Write(Replies.End);
    }

    private static void WriteCounters(ServerCounters counters, int sizeClass, string id, ref ReplyWriter writer)
    {
        writer.Stat(id + "get_hits", counters[ClassCounter.GetHits, sizeClass]);
        writer.Stat(id + "cmd_set", counters[ClassCounter.SetCommands, sizeClass]);
        writer.Stat(id + "delete_hits", counters[ClassCounter.DeleteHits, sizeClass]);
        writer.Stat(id + "incr_hits", counters[ClassCounter.IncrHits, sizeClass]);
        writer.Stat(id + "decr_hits", counters[ClassCounter.DecrHits, sizeClass]);
        writer.Stat(id + "cas_hits", counters[ClassCounter.CasHits, sizeClass]);
        writer.Stat(id + "cas_badval", counters[ClassCounter.CasBadval, sizeClass]);
        writer.Stat(id + "touch_hits", counters[ClassCounter.TouchHits, sizeClass]);
    }
}
