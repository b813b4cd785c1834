using System.Diagnostics;

namespace LivenessEngine.Interop.Failover;

/// <summary>
/// Asks for everybody four times a second and holds each answer against what is true of the crowd; a task that fails with
/// the first question that found no answer.
/// </summary>
/// <remarks>
/// Falsely down is who is down though it has not stopped, and though a place took a heartbeat of it, before the question,
/// that was younger than the service down time when the answer came. Older than that a member is rightly down: a machine
/// that has no time for it kept it from beating. How often that was is counted, too.
/// </remarks>
internal sealed class Reader(ServiceGroup group, Crowd crowd)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly long[] _foundDown = new long[crowd.Names.Length];
    private readonly List<string> _falselyDown = [];

    public IReadOnlyList<string> FalselyDown => _falselyDown;

    public int Questions { get; private set; }

    /// <summary>How often a member was down, and its own last heartbeat was too old.</summary>
    public int Late { get; private set; }

    public TimeSpan LongestQuestion { get; private set; }

    /// <summary>The oldest that the last heartbeat of a living member ever was.</summary>
    public TimeSpan OldestBeat { get; private set; }

    /// <summary>When a dead member was down for good.</summary>
    public long FoundDownAt(int member) => _foundDown[member];

    public async Task RunAsync(CancellationToken stop)
    {
        var beats = new long[crowd.Names.Length];
        while (!stop.IsCancellationRequested)
        {
            for (int i = 0; i < beats.Length; i++)
            {
                beats[i] = crowd.LastBeatOf(i);
            }

            long asked = Stopwatch.GetTimestamp();
            IReadOnlyList<LivenessEngine.MemberStatus> statuses = await group.StatusAsync(crowd.Names, CancellationToken.None);
            long answered = Stopwatch.GetTimestamp();
            Questions++;
            LongestQuestion = Max(LongestQuestion, Stopwatch.GetElapsedTime(asked, answered));
            for (int i = 0; i < beats.Length; i++)
            {
                Judge(i, statuses[i], Stopwatch.GetElapsedTime(beats[i], answered), answered);
            }

            await Task.Delay(Interval, CancellationToken.None);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Judge(int member, LivenessEngine.MemberStatus status, TimeSpan silence, long now)
    {
        bool isUp = status.State == MemberState.Up;
        if (crowd.IsDead(member))
        {
            _foundDown[member] = isUp ? 0 : _foundDown[member] == 0 ? now : _foundDown[member];
            return;
        }

        OldestBeat = Max(OldestBeat, silence);
        if (!isUp && silence > group.ServiceDownTime)
        {
            Late++;
        }
        else if (!isUp)
        {
            _falselyDown.Add($"question {Questions}: {status} with a heartbeat taken {silence.TotalSeconds:F2} s ago");
        }
    }
}
