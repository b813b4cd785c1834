namespace LivenessEngine.Fuzz.Differential;

/// <summary>The versions (cas) that one server has told in one sequence, by the order in which they were first told: the numbers are its own.</summary>
/// <param name="none">How no version is told.</param>
/// <param name="neverTold">A version that no server has.</param>
internal sealed class Versions(string none, string neverTold)
{
    private readonly List<string> _told = [];

    /// <summary>Nothing more is compared in this sequence.</summary>
    public bool IsOver { get; set; }

    /// <summary>The number of a version; none is 0, for it is the same everywhere.</summary>
    public int OrdinalOf(string version)
    {
        if (version == none)
        {
            return 0;
        }

        int at = _told.IndexOf(version);
        if (at < 0)
        {
            at = _told.Count;
            _told.Add(version);
        }

        return at + 1;
    }

    /// <summary>A version that was told; one that nobody has where there were not so many.</summary>
    public string At(int index) => index < _told.Count ? _told[index] : neverTold;
}
