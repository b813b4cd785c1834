namespace LivenessEngine.Soak.Histories;

internal enum OperationKind
{
    Get,
    Set,
    Add,
    Replace,
    Append,
    Cas,
    Incr,
    Touch,
    Delete,
}

internal enum Outcome
{
    Done,
    NotFound,
    NotStored,
    Exists,

    /// <summary>Refused for lack of memory: it has not happened.</summary>
    Refused,
}

/// <summary>One operation on the one key of a history: what was asked, what was answered, and between which two moments.</summary>
internal sealed record Operation(OperationKind Kind, string Argument = "", ulong Expected = 0)
{
    public Outcome Outcome { get; set; }

    /// <summary>The value that the answer shows: of a get, a touch and a delete the present one, of an incr the new one.</summary>
    public string? Value { get; set; }

    /// <summary>The version that the answer shows, or the one that was made.</summary>
    public ulong Cas { get; set; }

    /// <summary>Taken from a counter that all threads share, before it began.</summary>
    public long Invoked { get; set; }

    /// <summary>Taken from the same counter, after its answer was there.</summary>
    public long Answered { get; set; }
}
