namespace LivenessEngine.Memcached.Transports;

/// <summary>Whoever serves a client, while there is nothing to do for it.</summary>
internal interface IParkedClient
{
    /// <summary>
    /// Something has come, or the read was cancelled: goes on until the client is parked anew, or is to be closed.
    /// </summary>
    /// <returns>Whether it is parked.</returns>
    ValueTask<bool> ResumeAsync();
}
