namespace LivenessEngine.Table;

/// <summary>What came of one attempt to put a new version in place of a block.</summary>
internal enum Amended
{
    Done,

    /// <summary>Something changed, or memory had to be taken: find the block again.</summary>
    LookAgain,

    OutOfMemory,
}
