namespace LivenessEngine;

/// <summary>
/// The place where heartbeats are kept could not be reached in time, or gave an answer that is none. The message names
/// the place and the cause.
/// </summary>
public sealed class HeartbeatStoreException : IOException
{
    /// <summary>With a message that names the place and the cause.</summary>
    public HeartbeatStoreException(string message)
        : base(message)
    {
    }

    /// <summary>With a message that names the place and the cause, and what it came from.</summary>
    public HeartbeatStoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
