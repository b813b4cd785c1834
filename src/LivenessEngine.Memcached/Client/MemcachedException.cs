namespace LivenessEngine.Memcached.Client;

/// <summary>A server answered something that is no answer, or went away while it was asked.</summary>
internal sealed class MemcachedException(string message) : IOException(message);
