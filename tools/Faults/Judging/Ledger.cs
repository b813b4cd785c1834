namespace LivenessEngine.Tools.Faults.Judging;

/// <summary>
/// Who is really alive: the oracle's knowledge, from what the members themselves did and from nothing that the server says
/// of them but that it took a heartbeat.
/// </summary>
/// <remarks>
/// <para>Thread-safe.</para>
/// <para>The evidence for a member is when it last did its duty: began to send a heartbeat, whatever became of it, no later
/// than the service down time (outages not counted) after the evidence before; or, where it was later than that, sent one
/// that was acknowledged. So a heartbeat that the server leaves lying counts for the member, but one that this harness sends
/// late, because the machine had no time for it, counts only once the server has it.</para>
/// </remarks>
internal sealed class Ledger(int size, Scale scale, RunClock clock, Outages outages)
{
    private readonly Lock _lock = new();
    private readonly Member[] _members = new Member[size];
    private readonly List<(TimeSpan From, TimeSpan To)> _massSilences = [];
    private readonly List<TimeSpan> _observedSilences = [];
    private int _seen;

    public int Size => size;

    /// <summary>How many have had a heartbeat acknowledged.</summary>
    public int Seen => Volatile.Read(ref _seen);

    /// <summary>Of these members, those that report now: their heartbeats are begun.</summary>
    public TimeSpan Begin(ReadOnlySpan<int> members, List<int> beating)
    {
        beating.Clear();
        lock (_lock)
        {
            TimeSpan now = clock.Now;
            foreach (int number in members)
            {
                ref Member member = ref _members[number];
                if (member.Standing != Standing.Beating)
                {
                    continue;
                }

                beating.Add(number);
                if (member.IsSeen && Age(member.Evidence, now) <= scale.ServiceDownTime)
                {
                    member.Evidence = now;
                }
            }

            return now;
        }
    }

    /// <summary>The server has taken heartbeats that were begun at a time.</summary>
    public void Acknowledge(List<int> members, TimeSpan begun)
    {
        lock (_lock)
        {
            TimeSpan now = clock.Now;
            foreach (int number in members)
            {
                ref Member member = ref _members[number];
                _seen += member.IsSeen ? 0 : 1;
                member.IsSeen = true;
                member.LastTouch = now;
                member.Acknowledged = begun;
                member.Evidence = begun > member.Evidence ? begun : member.Evidence;
            }
        }
    }

    /// <summary>Heartbeats were sent, and nobody will know whether the server has taken them, or takes them yet.</summary>
    public void Abandon(List<int> members)
    {
        lock (_lock)
        {
            TimeSpan now = clock.Now;
            foreach (int number in members)
            {
                _members[number].LastTouch = now;
            }
        }
    }

    public void Silence(IEnumerable<int> members, Standing standing)
    {
        lock (_lock)
        {
            foreach (int number in members)
            {
                _members[number].Standing = standing;
            }
        }
    }

    /// <summary>Members that were away report again from now on.</summary>
    public void Return(IEnumerable<int> members)
    {
        lock (_lock)
        {
            foreach (int number in members)
            {
                _members[number].Standing = Standing.Beating;
                _members[number].Evidence = clock.Now;
            }
        }
    }

    /// <summary>Most members fell silent at once in this time, which is what the brake is for.</summary>
    public void RememberMassSilence(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            _massSilences.Add((from, to));
        }
    }

    /// <summary>
    /// Remembers it where the server has taken no heartbeat for half of the service down time, outages not counted, from half of
    /// those whom it may think up: a brake may hold them. So it is where a machine has so little time that a fleet cannot connect
    /// again soon.
    /// </summary>
    public void ObserveSilence()
    {
        lock (_lock)
        {
            TimeSpan now = clock.Now;
            int late = 0;
            int up = 0;
            foreach (Member member in _members)
            {
                TimeSpan silence = Age(member.Acknowledged, now);
                if (member.IsSeen && (member.Standing != Standing.Dead || silence <= 2 * scale.ServiceDownTime))
                {
                    up++;
                    late += silence >= scale.ServiceDownTime / 2 ? 1 : 0;
                }
            }

            if (late > 0 && 2 * late >= up)
            {
                _observedSilences.Add(now);
            }
        }
    }

    /// <summary>
    /// By how much a brake may rightly put off a death's discovery: by one further service down time, where most fell silent with
    /// the dead, or were silent as long when it was due.
    /// </summary>
    public TimeSpan HoldWithin(TimeSpan from, TimeSpan to)
    {
        lock (_lock)
        {
            TimeSpan leastAge = (scale.ServiceDownTime / 2) - scale.ReportInterval;
            return _massSilences.Any(silence => silence.From < to && from < silence.To + (2 * scale.ServiceDownTime))
                || _observedSilences.Any(at => at - from >= leastAge && at < to)
                ? scale.ServiceDownTime
                : TimeSpan.Zero;
        }
    }

    public Member[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _members];
        }
    }

    /// <summary>What is known of members in a row.</summary>
    public void Read(int first, Span<Member> members)
    {
        lock (_lock)
        {
            _members.AsSpan(first, members.Length).CopyTo(members);
        }
    }

    /// <summary>
    /// May nobody call this member down in answer to a question, as it stood when the question was asked? It lives, or it is
    /// not yet silent for the service down time.
    /// </summary>
    public bool MustBeUp(Member asked, TimeSpan answered) => asked.IsSeen && asked.Standing switch
    {
        Standing.Beating => Age(asked.Evidence, answered) <= scale.ServiceDownTime,
        Standing.Away => true,
        _ => IsYoung(asked.Acknowledged, answered),
    };

    private TimeSpan Age(TimeSpan from, TimeSpan to) => to - from - outages.Within(from, to);

    // Where there was an outage, nobody can say to the second how old a dead member's last heartbeat is for the server.
    private bool IsYoung(TimeSpan from, TimeSpan to) => to - from <= scale.ServiceDownTime && outages.Within(from, to) == TimeSpan.Zero;

    /// <param name="Standing">What it is doing.</param>
    /// <param name="IsSeen">Whether the server has ever acknowledged a heartbeat of it.</param>
    /// <param name="Evidence">When it last did its duty.</param>
    /// <param name="Acknowledged">When the last heartbeat was begun that was acknowledged.</param>
    /// <param name="LastTouch">No heartbeat of it arrives after this, unless the server was out then.</param>
    internal record struct Member(Standing Standing, bool IsSeen, TimeSpan Evidence, TimeSpan Acknowledged, TimeSpan LastTouch);
}
