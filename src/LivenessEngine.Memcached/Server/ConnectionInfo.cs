namespace LivenessEngine.Memcached.Server;

/// <summary>A connection as "stats conns" shows it.</summary>
internal sealed record ConnectionInfo(long Id, string Remote, string Local, string State, long IdleSeconds);
