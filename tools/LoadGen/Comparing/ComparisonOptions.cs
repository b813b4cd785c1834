namespace LivenessEngine.Tools.LoadGen.Comparing;

/// <summary>How a comparison is made.</summary>
/// <param name="Folder">Where wire.csv goes.</param>
/// <param name="Seconds">How long each load is measured.</param>
/// <param name="Rounds">How often each peer gets each load.</param>
/// <param name="ServerCpu">The core that the servers run on; null for any.</param>
/// <param name="IsQuick">Whether loads of thousands of connections, and those at half the load, are left out.</param>
/// <param name="LoadsOnly">Whether what members and idle connections weigh is left out.</param>
/// <param name="File">The name of the file.</param>
internal sealed record ComparisonOptions(string Folder, double Seconds, int Rounds, string? ServerCpu, bool IsQuick, bool LoadsOnly, string File);
