namespace LivenessEngine.Tools.FleetSim.Judging;

/// <summary>What readers were told, held against what is true.</summary>
/// <param name="Live">Nodes that lived to the end.</param>
/// <param name="FalselyDown">Those of them that a reader was told are down at some time.</param>
/// <param name="Dead">Nodes that died.</param>
/// <param name="Found">Those of them that were down in the last answer.</param>
/// <param name="FoundAfter">How long after their death they were first down for good.</param>
/// <param name="Excused">Verdicts that were wrong because the simulator was late.</param>
internal readonly record struct Outcome(int Live, int FalselyDown, int Dead, int Found, Percentiles FoundAfter, long Excused)
{
    public double FalselyDownShare => Live == 0 ? 0 : FalselyDown / (double)Live;
}
