namespace LivenessEngine.Memcached.Client;

/// <summary>A reply that is none; the message is the end of a sentence that begins with the server's name.</summary>
/// <param name="message">What was answered to what.</param>
/// <param name="isRefusal">Whether it is an error reply that leaves the connection in step, and no garbage.</param>
internal sealed class ReplyException(string message, bool isRefusal) : IOException(message)
{
    public bool IsRefusal => isRefusal;
}
