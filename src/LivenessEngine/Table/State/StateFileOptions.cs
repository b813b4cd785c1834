namespace LivenessEngine.Table.State;

/// <summary>Where the table is kept, so that it outlives the process.</summary>
/// <param name="Path">The file. It is made if it is not there; its folder is not.</param>
internal sealed record StateFileOptions(string Path)
{
    /// <summary>How long to wait for the process that has the file open, to take over from it. Zero: not at all.</summary>
    public TimeSpan LockTimeout { get; init; }

    /// <summary>
    /// Told, in one line each, what an operator should know and can live with: a file that was set aside, content that was
    /// dropped, a disk that is full. Called on any thread.
    /// </summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Ends the waiting early.</summary>
    public CancellationToken StopWaiting { get; init; }

    /// <summary>Takes space on the disk for a range of the file in place of the operating system; for tests.</summary>
    public Func<long, long, bool>? TakeSpace { get; init; }
}
