using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>
/// A read that may change what it reads: it gives the item another deadline, or takes upon itself to renew it, because it is
/// stale or will soon expire. And what there was before.
/// </summary>
internal struct Visit
{
    private const long MillisecondsInSecond = 1000;

    /// <summary>Whether the item gets <see cref="NewDeadline"/>. On a member it is a heartbeat.</summary>
    public bool SetsDeadline;

    public long NewDeadline;

    /// <summary>Who has fewer seconds left than this is to be renewed; 0 for nobody.</summary>
    public long RenewsBelow;

    /// <summary>Whether that is asked of the deadline that the item had.</summary>
    public bool LooksFirst;

    /// <summary>Whether the visitor may be the one to renew it.</summary>
    public bool MayWin;

    /// <summary>The item counts as unread, if it was that, and as not asked for.</summary>
    public bool LeavesNoTrace;

    /// <summary>It is the visitor who renews it.</summary>
    public bool Won { get; private set; }

    public long FormerDeadline { get; private set; }

    public ItemMarks FormerMarks { get; private set; }

    public bool WasFetched { get; private set; }

    public uint LastAccess { get; private set; }

    /// <summary>What the item's deadline is to be.</summary>
    public readonly long Deadline => SetsDeadline ? NewDeadline : FormerDeadline;

    /// <summary>What the item's marks are to be.</summary>
    public readonly ItemMarks Marks => Won ? FormerMarks | ItemMarks.Won : FormerMarks;

    /// <summary>Looks at an item, and says whether it has to change.</summary>
    public bool Changes(scoped in ItemView item, in Moment now)
    {
        FormerDeadline = item.Deadline;
        FormerMarks = item.Marks;
        WasFetched = item.Fetched;
        LastAccess = item.LastAccess;
        Won = MayWin && (FormerMarks & ItemMarks.Won) == 0 && ((FormerMarks & ItemMarks.Stale) != 0 || IsDue(now));
        return Won || Deadline != FormerDeadline;
    }

    /// <summary>How many seconds are left, a begun one counting whole; -1 where the deadline never comes.</summary>
    public static long SecondsLeft(long deadline, in Moment now)
        => deadline == BlockHeader.Never ? -1
            : Math.Max(deadline - now.UnixMilliseconds + MillisecondsInSecond - 1, 0) / MillisecondsInSecond;

    private readonly bool IsDue(in Moment now)
    {
        long deadline = LooksFirst ? FormerDeadline : Deadline;
        return deadline != BlockHeader.Never && SecondsLeft(deadline, now) < RenewsBelow;
    }
}
