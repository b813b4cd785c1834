namespace LivenessEngine.Fuzz.Targets;

/// <summary>What takes inputs of any kind, and may not be harmed by them: the fuzz is over such.</summary>
internal interface ITarget
{
    /// <summary>Takes one, checks what became of it, and returns how many requests were answered.</summary>
    int Take(byte[] input);

    /// <summary>No more will come: checks that nothing is left of them.</summary>
    void End();
}
