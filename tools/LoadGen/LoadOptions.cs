namespace LivenessEngine.Tools.LoadGen;

/// <summary>What is asked of the server, over and over.</summary>
internal enum Operation
{
    Set,
    Get,
}

/// <summary>What the server speaks.</summary>
internal enum Language
{
    Memcached,
    Redis,
}

/// <summary>One load.</summary>
internal sealed record LoadOptions
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>The server's process, for its CPU time; 0 if it is not on this machine.</summary>
    public int ServerPid { get; init; }

    public Operation Operation { get; init; }

    public Language Language { get; init; }

    /// <summary>Sockets, each with its own requests under way.</summary>
    public int Connections { get; init; } = 50;

    /// <summary>Requests that a connection sends before it waits for the replies.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Keys in one get.</summary>
    public int Width { get; init; } = 1;

    /// <summary>
    /// Batches a second that are begun, whether those before are answered or not; 0 for as many as there can be. A batch's time
    /// counts from when it should have been sent.
    /// </summary>
    public double Rate { get; init; }

    public int Threads { get; init; } = 1;

    public int Keys { get; init; } = 100_000;

    /// <summary>What every key begins with; the rest is its number.</summary>
    public string KeyPrefix { get; init; } = "compute:node-";

    public int KeySize { get; init; } = 40;

    public int ValueSize { get; init; } = 236;

    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);
}
