using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>What a meta command says of the item that it makes.</summary>
internal static class MetaItem
{
    public static ItemMarks MarksOf(scoped MetaRequest request, bool hasOwnVersion)
        => (request.IsBinaryKey ? ItemMarks.BinaryKey : ItemMarks.None) | (hasOwnVersion ? ItemMarks.OwnVersion : ItemMarks.None);

    /// <summary>The deadline of what is made where nothing was: by N or T, whichever stands last on the line.</summary>
    public static long VivifyDeadlineOf(scoped MetaRequest request, in Moment now)
        => Expiry.ToDeadline(
            !request.Has('T') || request.HasExptimeBefore((byte)'N') ? request.VivifyExptime : request.Exptime, now.UnixMilliseconds);
}
