using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>
/// md: deletes as delete does, or marks an item stale (I), or takes its value away (x). A member that is deleted leaves; one
/// whose item is stale or empty stays what it is.
/// </summary>
internal sealed class MetaDeleteCommand(ServerContext server)
{
    private readonly LivenessTable _table = server.Table;
    private readonly bool _useCas = server.Options.UseCas;

    // md <key> <flags>*
    public void Execute(scoped MetaRequest request, ref Turn turn)
    {
        using EpochGuard guard = _table.Enter();
        server.ItemLog.LookedFor(guard, request.Key, turn);
        bool stays = request.Has('I') || request.Has('x');
        LookupResult result = stays
            ? _table.Editor.TryInvalidate(guard, request.Key, InvalidationOf(request, turn.Now), turn.Now, out ItemView item)
            : _table.TryDelete(guard, request.Key, turn.Now, out item, ExpectedOf(request));
        switch (result)
        {
            case LookupResult.Found when request.Has('I'):
                break;
            case LookupResult.Found:
                turn.Counters.Add(ClassCounter.DeleteHits, item.SizeClass);
                server.ItemLog.Deleted(request.Key, item, meta: true, turn);
                break;
            case LookupResult.OutOfMemory:
                turn.Writer.Write(Replies.OutOfMemory);
                return;
            default:
                turn.Counters.Add(WireCounter.DeleteMisses);
                turn.CountGone(result);
                break;
        }

        if (result == LookupResult.Found && request.IsQuiet)
        {
            return;
        }

        turn.Writer.Write(result switch
        {
            LookupResult.Found => Replies.MetaOk,
            LookupResult.Changed => Replies.MetaExists,
            _ => Replies.MetaNotFound,
        });
        MetaTail.Write(request, ref turn.Writer);
    }

    private Invalidation InvalidationOf(scoped MetaRequest request, in Moment now) => new()
    {
        Expected = ExpectedOf(request),
        MarksStale = request.Has('I'),
        RemovesValue = request.Has('x'),
        Flags = request.ClientFlags,
        IsBinaryKey = request.IsBinaryKey,
        Version = request.Has('E') && _useCas ? request.Version : null,
        SetsDeadline = request.Has('T'),
        Deadline = Expiry.ToDeadline(request.Exptime, now.UnixMilliseconds),
    };

    // Without versions (-C) every item has version 0.
    private ulong? ExpectedOf(scoped MetaRequest request)
        => !request.Has('C') || (!_useCas && request.Cas == 0) ? null
            : _useCas ? request.Cas
            : ulong.MaxValue;
}
