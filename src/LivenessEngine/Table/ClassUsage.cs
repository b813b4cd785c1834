namespace LivenessEngine.Table;

/// <summary>What a size class takes of memory.</summary>
/// <param name="Pages">Pages of the class.</param>
/// <param name="FreeBlocks">Blocks of them that are free.</param>
/// <param name="OldestSeconds">A bound on how long ago the least recently used item was used.</param>
internal readonly record struct ClassUsage(int Pages, long FreeBlocks, long OldestSeconds);
