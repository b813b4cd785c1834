namespace LivenessEngine.Memcached.Nova;

/// <summary>A heartbeat as Nova keeps it: <c>CachedValue(datetime, {'ct': time.time(), 'v': 2})</c>, pickled.</summary>
/// <param name="Payload">The datetime: Nova's utcnow, which says nothing of a zone.</param>
/// <param name="CreationTime">
/// <c>ct</c>, Unix time in seconds by the writer's clock. dogpile.cache calls the value expired when the reader's time is more
/// than the service down time past it.
/// </param>
/// <param name="Version"><c>v</c>: 2 since dogpile.cache 1.1, and 1 before. dogpile.cache reads its own only.</param>
/// <param name="Place">Where <c>ct</c> stands in the value.</param>
internal readonly record struct CachedDateTime(DateTime Payload, double CreationTime, int Version, CreationTimePlace Place)
{
    /// <summary>Where the bytes of the datetime stand in the value, and how they are written.</summary>
    public PickleNode PayloadAt { get; init; }

    /// <summary>What dogpile.cache writes since 1.1.</summary>
    public const byte LatestVersion = 2;

    /// <summary>The flag that python's clients set for a pickle.</summary>
    public const uint PickledFlag = 1;

    /// <summary>The flag for zlib around it.</summary>
    public const uint CompressedFlag = 8;
}
