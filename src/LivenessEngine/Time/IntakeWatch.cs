using LivenessEngine.Evaluation;

namespace LivenessEngine.Time;

/// <summary>
/// Asks every intake at each tick whether it keeps up, and suspends the clock while one does not: a thread for which the
/// machine had no time leaves heartbeats unread, though the ticker was on time.
/// </summary>
/// <remarks><see cref="Tick"/> is called by one thread at a time; everything else is for any.</remarks>
internal sealed class IntakeWatch(LivenessClock clock, TimeProvider time, TimeSpan tick)
{
    private readonly Suspension _isBehind = new(clock);
    private Question[] _questions = [];

    public void Add(IIntake intake) => ImmutableArraySwap.Add(ref _questions, new Question(intake));

    /// <summary>It is not waited for any more.</summary>
    public void Remove(IIntake intake)
    {
        foreach (Question question in Array.FindAll(Volatile.Read(ref _questions), question => question.Intake == intake))
        {
            ImmutableArraySwap.Remove(ref _questions, question);
        }
    }

    /// <summary>Before the clock's: so that time since the tick before this counts only if what had come until then was heard.</summary>
    public void Tick()
    {
        bool isBehind = false;
        long now = time.GetTimestamp();
        foreach (Question question in Volatile.Read(ref _questions))
        {
            if (!question.IsOpen)
            {
                question.Ask(now);
            }

            // A tick may come soon after one that was late.
            else if (time.GetElapsedTime(question.Asked, now) > tick / 2)
            {
                isBehind = true;
            }
        }

        if (isBehind)
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
