using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Tools.FleetSim.Judging;

/// <summary>Whether a member is up, as Nova's drivers say, by the clock of whoever asks.</summary>
internal static class NovaVerdict
{
    // dogpile.cache reads values of its own version only.
    private const int Version = 2;

    /// <summary>
    /// The driver <c>db</c>: <c>last_seen_up</c>, or else <c>updated_at</c>, or else <c>created_at</c>, no further than the
    /// service down time from now, ahead or behind, and not forced down.
    /// </summary>
    public static bool OfRow(DateTime? lastSeenUp, DateTime? updatedAt, DateTime? createdAt, bool isForcedDown, DateTime now, TimeSpan serviceDownTime)
        => !isForcedDown && (lastSeenUp ?? updatedAt ?? createdAt) is { } seen && (now - seen).Duration() <= serviceDownTime;

    /// <summary>
    /// The driver <c>mc</c>: a miss is down (there is no value to ask for here), and so is a value whose <c>ct</c> is further
    /// than the service down time before now.
    /// </summary>
    /// <exception cref="InvalidDataException">It is no heartbeat.</exception>
    public static bool OfValue(ReadOnlySpan<byte> value, uint flags, DateTime now, TimeSpan serviceDownTime)
        => CachedDateTimeReader.TryRead(value, flags, out CachedDateTime cached) && cached.Version == Version
            ? (now - DateTime.UnixEpoch).TotalSeconds - cached.CreationTime <= serviceDownTime.TotalSeconds
            : throw new InvalidDataException("a value came that is no heartbeat");
}
