using System.Globalization;

namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>What one reader was told of everybody, held against what is true.</summary>
/// <remarks>One thread tells it of answers; its results are read when that has ended.</remarks>
internal sealed class Verdicts(string reader, Ledger ledger)
{
    private const int MostExamples = 5;

    private readonly TimeSpan[] _lastUp = new TimeSpan[ledger.Size];
    private readonly TimeSpan[] _foundDown = new TimeSpan[ledger.Size];
    private readonly bool[] _falselyDown = new bool[ledger.Size];

    /// <summary>Verdicts that were given.</summary>
    public long Answers { get; private set; }

    /// <summary>Times that a living member was rightly called down: this machine had no time to let it report.</summary>
    public long Late { get; private set; }

    public int FalseDowns => _falselyDown.Count(isFalse => isFalse);

    /// <summary>Some false verdicts in words.</summary>
    public List<string> Examples { get; } = [];

    /// <summary>An answer about one member.</summary>
    /// <param name="number">Which.</param>
    /// <param name="member">As it stood when the question was asked.</param>
    /// <param name="isUp">The verdict.</param>
    /// <param name="asked">When the question was asked.</param>
    /// <param name="answered">When the answer came.</param>
    /// <param name="why">What the verdict is from.</param>
    public void Take(int number, Ledger.Member member, bool isUp, TimeSpan asked, TimeSpan answered, string why)
    {
        Answers++;
        if (isUp)
        {
            _lastUp[number] = asked;
            _foundDown[number] = TimeSpan.Zero;
            return;
        }

        if (_foundDown[number] == TimeSpan.Zero)
        {
            _foundDown[number] = answered;
        }

        if (ledger.MustBeUp(member, answered))
        {
            Accuse(number, member, answered, why);
        }
        else if (member is { Standing: Standing.Beating, IsSeen: true })
        {
            Late++;
        }
    }

    /// <summary>Whether a dead member is known to be down.</summary>
    public bool HasFound(int number) => _foundDown[number] != TimeSpan.Zero;

    /// <summary>When it was first down for good.</summary>
    public TimeSpan FoundAt(int number) => _foundDown[number];

    /// <summary>When the last question was asked that was answered with up.</summary>
    public TimeSpan LastUp(int number) => _lastUp[number];

    public void Example(string text)
    {
        if (Examples.Count < MostExamples)
        {
            Examples.Add($"{reader}: {text}");
        }
    }

    private void Accuse(int number, Ledger.Member member, TimeSpan answered, string why)
    {
        if (!_falselyDown[number])
        {
            _falselyDown[number] = true;
            Example(string.Create(
                CultureInfo.InvariantCulture,
                $"node{number} falsely down at {answered.TotalSeconds:F2} s: {why}; {member.Standing}, evidence {(answered - member.Evidence).TotalSeconds:F2} s old, last acknowledged {(answered - member.LastTouch).TotalSeconds:F2} s ago"));
        }
    }
}
