namespace LivenessEngine.Tools.LoadGen;

/// <summary>What a load came to. An operation is one set, or one key of a get.</summary>
/// <param name="Operations">How many.</param>
/// <param name="Seconds">In how much time.</param>
/// <param name="OperationsPerSecond">Throughput.</param>
/// <param name="ServerCpuMicroseconds">The server's CPU time for each operation, in microseconds; 0 if it was not asked for.</param>
/// <param name="ServerCores">How many cores the server kept busy.</param>
/// <param name="ResidentMegabytes">The server's memory at the end.</param>
/// <param name="P50">Median time of a batch, in microseconds.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
/// <param name="Max">The slowest.</param>
internal sealed record LoadResult(
    long Operations,
    double Seconds,
    double OperationsPerSecond,
    double ServerCpuMicroseconds,
    double ServerCores,
    double ResidentMegabytes,
    double P50,
    double P99,
    double P999,
    double Max);
