namespace LivenessEngine.Memcached.Client;

/// <summary>A server answered something that is no answer, or went away while it was asked.</summary>
/// <param name="message">Names the server and the cause.</param>
/// <param name="serverLives">Whether it did answer, and only refused: other servers are not asked in its place.</param>
internal sealed class MemcachedException(string message, bool serverLives = false) : IOException(message)
{
    public bool ServerLives => serverLives;
}
