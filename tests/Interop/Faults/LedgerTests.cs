using LivenessEngine.Tools.Faults.Judging;
using Microsoft.Extensions.Time.Testing;

namespace LivenessEngine.Interop.Faults;

/// <summary>When a brake may put off a death's discovery, as the oracle of faults sees it.</summary>
public sealed class LedgerTests
{
    private static readonly Scale Times = new(ReportInterval: TimeSpan.FromMilliseconds(20), ServiceDownTime: TimeSpan.FromMilliseconds(200));

    private readonly FakeTimeProvider _time = new();
    private readonly RunClock _clock;
    private readonly Outages _outages = new();

    public LedgerTests() => _clock = new RunClock(_time);

    [Fact]
    public void While_nobody_is_heard_a_brake_may_hold_who_fell_silent_with_the_others()
    {
        Ledger ledger = Heard(10);
        TimeSpan died = _clock.Now;
        ledger.Silence([0], Standing.Dead);
        _time.Advance(Times.ServiceDownTime / 2);
        ledger.ObserveSilence();
        _time.Advance(Times.ReportInterval);
        Assert.Equal(Times.ServiceDownTime, ledger.HoldWithin(died, _clock.Now));

        // Not who was heard right before.
        Assert.Equal(TimeSpan.Zero, ledger.HoldWithin(_clock.Now, TimeSpan.MaxValue));
    }

    [Fact]
    public void While_most_are_heard_a_brake_holds_nobody()
    {
        Ledger ledger = Heard(10);
        TimeSpan died = _clock.Now;
        ledger.Silence([0, 1, 2, 3], Standing.Dead);
        _time.Advance(Times.ServiceDownTime / 2);
        ledger.Acknowledge([4, 5, 6, 7, 8, 9], _clock.Now + TimeSpan.FromDays(1));
        ledger.ObserveSilence();
        _time.Advance(Times.ReportInterval);
        Assert.Equal(TimeSpan.Zero, ledger.HoldWithin(died, _clock.Now));
    }

    [Fact]
    public void An_outage_is_no_silence()
    {
        _outages.Begin(_clock.Now);
        Ledger ledger = Heard(10);
        TimeSpan died = _clock.Now;
        _time.Advance(Times.ServiceDownTime);
        ledger.ObserveSilence();
        _time.Advance(Times.ReportInterval);
        Assert.Equal(TimeSpan.Zero, ledger.HoldWithin(died, _clock.Now));
    }

    private Ledger Heard(int members)
    {
        var ledger = new Ledger(members, Times, _clock, _outages);
        ledger.Acknowledge([.. Enumerable.Range(0, members)], _clock.Now);
        return ledger;
    }
}
