using System.Globalization;
using LivenessEngine.Tools.Faults.Fleets;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>Whether the dead were found in time.</summary>
internal sealed class Judgement(Ledger ledger, Scale scale, Credits credits, Lateness lateness, TimeSpan staleness)
{
    private readonly Ledger.Member[] _members = ledger.Snapshot();

    public int Deaths => _members.Count(IsDead);

    /// <summary>From when on nobody who has died so far may be called up, as far as is known now.</summary>
    public TimeSpan LastDeadline(TimeSpan now)
        => ledger.Snapshot().Where(IsDead).Select(member => Deadline(member, now)).DefaultIfEmpty().Max();

    public bool AreAllFound(IEnumerable<Reader> readers)
        => readers.All(reader => Dead().All(member => reader.Verdicts.HasFound(member.Index)));

    /// <summary>How many were missed by some reader, and how long it took to find the others.</summary>
    public (int Missed, Percentiles Detection, Percentiles Counted) Conclude(IEnumerable<Reader> readers)
    {
        var missed = new HashSet<int>();
        var detection = new List<TimeSpan>();
        var counted = new List<TimeSpan>();
        foreach (Verdicts verdicts in readers.Select(reader => reader.Verdicts))
        {
            foreach ((int number, Ledger.Member member) in Dead())
            {
                if (IsMissed(verdicts, number, member) && missed.Add(number))
                {
                    verdicts.Example(string.Create(
                        CultureInfo.InvariantCulture,
                        $"node{number}, dead since {member.LastTouch.TotalSeconds:F2} s, was up {(verdicts.LastUp(number) - member.LastTouch).TotalSeconds:F2} s later, allowed {AllowanceOf(member, verdicts.LastUp(number))}"));
                }

                // One who was down before it died was not found.
                if (verdicts.FoundAt(number) is var found && found > member.LastTouch)
                {
                    detection.Add(found - member.LastTouch);
                    counted.Add(found - member.LastTouch - credits.Within(member.LastTouch, found));
                }
            }
        }

        return (missed.Count, Percentiles.Of(detection), Percentiles.Of(counted));
    }

    private static bool IsDead(Ledger.Member member) => member.Standing == Standing.Dead;

    private IEnumerable<(int Index, Ledger.Member Item)> Dead() => _members.Index().Where(member => IsDead(member.Item));

    private bool IsMissed(Verdicts verdicts, int number, Ledger.Member member)
        => !verdicts.HasFound(number) || verdicts.LastUp(number) > Deadline(member, verdicts.LastUp(number));

    // What is allowed for: outages and time that the engine says it did not count, one further service down time where a
    // brake may hold, and as long as this machine kept a thread of ours waiting while the death should have been found. The server's
    // threads may have had to wait then as long as ours at another time since.
    private Allowance AllowanceOf(Ledger.Member member, TimeSpan asked)
    {
        var known = new Allowance(
            scale.FoundWithin + staleness,
            credits.Within(member.LastTouch, asked),
            ledger.HoldWithin(member.LastTouch, asked),
            TimeSpan.Zero);
        TimeSpan due = member.LastTouch + known.Whole;
        TimeSpan then = lateness.Within(due - scale.ReportInterval, asked);
        TimeSpan longest = lateness.LongestWithin(member.LastTouch, asked);
        return known with { Lateness = then > longest ? then : longest };
    }

    private TimeSpan Deadline(Ledger.Member member, TimeSpan asked) => member.LastTouch + AllowanceOf(member, asked).Whole;

    /// <summary>How long after a member's last heartbeat it may be called up.</summary>
    /// <param name="Silence">The service down time, and what every verdict may take besides.</param>
    /// <param name="Credit">Time that is not counted.</param>
    /// <param name="Hold">By a brake.</param>
    /// <param name="Lateness">Of this machine.</param>
    private readonly record struct Allowance(TimeSpan Silence, TimeSpan Credit, TimeSpan Hold, TimeSpan Lateness)
    {
        public TimeSpan Whole => Silence + Credit + Hold + Lateness;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Whole.TotalSeconds:F2} s: {Silence.TotalSeconds:F2} s, {Credit.TotalSeconds:F2} s not counted, {Hold.TotalSeconds:F2} s held, {Lateness.TotalSeconds:F2} s late");
    }
}
