namespace LivenessEngine.Memcached.Server;

/// <summary>A long reply that is made piece by piece, so that it neither fills memory nor holds up other connections.</summary>
internal interface IReplySource
{
    /// <summary>Writes some more; false when that was the last.</summary>
    bool TryWrite(ref Turn turn);
}
