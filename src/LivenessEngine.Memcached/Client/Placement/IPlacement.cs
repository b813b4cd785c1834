namespace LivenessEngine.Memcached.Client.Placement;

/// <summary>Says which server of a list a key belongs to, as one of the usual clients does.</summary>
/// <remarks>Thread-safe: it has no state but the list.</remarks>
internal interface IPlacement
{
    /// <summary>
    /// The server's number, or -1 if none is left for the key. A client that does not go elsewhere when a server is dead
    /// names that server.
    /// </summary>
    int Place(ReadOnlySpan<byte> key, ReadOnlySpan<bool> living);
}
