using System.Text;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>
/// What a client sends under keys of its own, in stages: the next one when the replies to the one before are there, because
/// it may ask for versions that were told in them.
/// </summary>
internal sealed record Sequence(IReadOnlyList<string> Stages)
{
    /// <summary>Stands in a stage for the first version that was told; the characters behind it for the others.</summary>
    public const char FirstVersion = '\u0100';

    public const int MostVersions = 8;

    /// <summary>What to send to a server that has told such versions.</summary>
    public static string Fill(string stage, Versions versions)
    {
        if (stage.AsSpan().IndexOfAnyInRange(FirstVersion, (char)(FirstVersion + MostVersions)) < 0)
        {
            return stage;
        }

        var filled = new StringBuilder(stage);
        for (int i = 0; i < MostVersions; i++)
        {
            filled.Replace(((char)(FirstVersion + i)).ToString(), versions.At(i));
        }

        return filled.ToString();
    }
}
