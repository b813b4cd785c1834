namespace LivenessEngine.Time;

/// <summary>
/// Asks every intake at each tick whether it keeps up, and suspends the clock while one does not: a thread for which the
/// machine had no time leaves heartbeats unread, though the ticker was on time.
/// </summary>
/// <remarks>
/// <para>It is behind when it has not answered for a 32nd of the service down time, 1 s at the most and 50 ms at the least: so
/// much that is unread makes nobody down who reports in time, and a server with much to do is not behind.</para>
/// <para><see cref="Tick"/> is called by one thread at a time; everything else is for any.</para>
/// </remarks>
internal sealed class IntakeWatch(LivenessClock clock, TimeProvider time, TimeSpan serviceDownTime)
{
    private const int PartOfDownTime = 32;

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = TimeSpan.FromTicks(
        Math.Clamp(serviceDownTime.Ticks / PartOfDownTime, Least.Ticks, Most.Ticks));

    private readonly Suspension _isBehind = new(clock);
    private Question[] _questions = [];
    private int _behind;

    /// <summary>Intakes that were behind at the last tick. Read by anyone.</summary>
    public int Behind => Volatile.Read(ref _behind);

    public void Add(IIntake intake) => ImmutableArraySwap.Add(ref _questions, new Question(intake));

    /// <summary>It is not waited for any more.</summary>
    public void Remove(IIntake intake)
    {
        foreach (Question question in Array.FindAll(Volatile.Read(ref _questions), question => question.Intake == intake))
        {
            ImmutableArraySwap.Remove(ref _questions, question);
        }
    }

    /// <summary>To be called right before the clock's tick: if one is behind, no more is counted from that on.</summary>
    public void Tick()
    {
        int behind = 0;
        long now = time.GetTimestamp();
        foreach (Question question in Volatile.Read(ref _questions))
        {
            if (!question.IsOpen)
            {
                question.Ask(now);
            }
            else if (time.GetElapsedTime(question.Asked, now) > _patience)
            {
                behind++;
            }
        }

        Volatile.Write(ref _behind, behind);
        if (behind > 0)
        {
            _isBehind.Begin();
        }
        else
        {
            _isBehind.End();
        }
    }

    private sealed class Question
    {
        private readonly Action _close;
        private volatile bool _isOpen;

        public Question(IIntake intake)
        {
            Intake = intake;
            _close = () => _isOpen = false;
        }

        public IIntake Intake { get; }

        public bool IsOpen => _isOpen;

        /// <summary>When it was asked last; the ticker's.</summary>
        public long Asked { get; private set; }

        public void Ask(long now)
        {
            Asked = now;
            _isOpen = true;
            Intake.Ask(_close);
        }
    }
}
