namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>What a run came to.</summary>
internal sealed record RunResult
{
    public required string Fault { get; init; }

    public required string Program { get; init; }

    public required int Members { get; init; }

    /// <summary>Why there was no run; null for a run.</summary>
    public string? Skipped { get; init; }

    /// <summary>Living members that a reader was told are down.</summary>
    public int FalseDowns { get; init; }

    public int Deaths { get; init; }

    /// <summary>Dead members that a reader was told are up when that was too late.</summary>
    public int MissedDeaths { get; init; }

    /// <summary>Verdicts that were asked for.</summary>
    public long Answers { get; init; }

    /// <summary>Times that a living member was rightly called down, because this machine kept it from reporting.</summary>
    public long Late { get; init; }

    /// <summary>From a dead member's last heartbeat to the first answer that it is down.</summary>
    public Percentiles Detection { get; init; }

    /// <summary>The same, without the time that the server was out or that the engine says it did not count.</summary>
    public Percentiles Counted { get; init; }

    /// <summary>The slowest reply to anyone while the server was not stopped.</summary>
    public TimeSpan SlowestReply { get; init; }

    /// <summary>Requests that found no answer while the server was not stopped.</summary>
    public long Unanswered { get; init; }

    /// <summary>Connections that were refused.</summary>
    public long Refused { get; init; }

    /// <summary>Sets that were answered otherwise than with STORED.</summary>
    public long Refusals { get; init; }

    /// <summary>What the engine says it did not count; null if it says nothing.</summary>
    public TimeSpan? Uncounted { get; init; }

    /// <summary>The longest that this machine kept a thread of the harness waiting.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>Some of what was wrong, in words.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    public bool IsRight => FalseDowns == 0 && MissedDeaths == 0;
}
