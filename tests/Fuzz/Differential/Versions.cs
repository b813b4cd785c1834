namespace LivenessEngine.Fuzz.Differential;

/// <summary>The versions (cas) that one server has told in one sequence, by the order in which they were first told: the numbers are its own.</summary>
internal sealed class Versions
{
    private const string NeverTold = "18446744073709551614";

    private readonly List<string> _told = [];

    /// <summary>The number of a version; 0 stays 0, for it is the same everywhere.</summary>
    public int OrdinalOf(string version)
    {
        if (version == "0")
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
    public string At(int index) => index < _told.Count ? _told[index] : NeverTold;
}
