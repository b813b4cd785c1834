using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// lru_crawler crawl: takes the memory of expired items back, some pages at a time, and says OK when all have been looked at.
/// </summary>
internal sealed class ExpiredCrawl(LivenessTable table, bool noReply) : IReplySource
{
    private const int PagesInPiece = 16;

    private int _seen;

    public bool TryWrite(ref Turn turn)
    {
        table.Crawl(PagesInPiece, turn.Now);
        _seen += PagesInPiece;
        if (_seen < table.PagesToCrawl(turn.Now))
        {
            return true;
        }

        turn.Reply(noReply, Replies.Ok);
        return false;
    }
}
