using System.Diagnostics.Metrics;

namespace LivenessEngine;

/// <summary>Options of a <see cref="ServiceGroup"/>. Read once, when it is made.</summary>
public sealed class ServiceGroupOptions
{
    private static readonly TimeSpan LeastTick = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How often a joined member reports by itself. More than zero, a day at the most. Default 10 s, Nova's
    /// <c>report_interval</c>.
    /// </summary>
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a member may be silent and still be up, inclusive. More than zero, 365 days at the most. Default 60 s,
    /// Nova's <c>service_down_time</c>. When it is not longer than the report interval, 2.5 times the interval is used
    /// instead, in whole seconds, and a warning is logged: Nova's rule (<c>nova/service.py</c>).
    /// </summary>
    public TimeSpan ServiceDownTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often verdicts are made for events, and joined members looked at whose report is due. 1 ms to 10 s. Default
    /// 100 ms; less is used where the report interval, or half of what it leaves of the service down time, is shorter. A
    /// question is answered at once.
    /// </summary>
    public TimeSpan Tick { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Bytes of memory for members, of which each takes about 100. 1 MiB to 2 TiB. Default 1 GiB; address space is
    /// reserved, and memory is taken as members come.
    /// </summary>
    public long MemoryLimit { get; set; } = 1L << 30;

    /// <summary>How many events are kept for a watcher that does not read them. 1 to 1,048,576. Default 65,536.</summary>
    public int EventBuffer { get; set; } = 65_536;

    /// <summary>
    /// The most time in a row in which this process was not running (paused, starved), or did not serve its clients, and that
    /// keeps a silent member up. After so much of it a member has one more service down time of real time to report. 0 to
    /// 365 days. Default (null): twice the service down time in force; ours, Nova has no such thing. Inside this process only.
    /// </summary>
    public TimeSpan? MaxCredit { get; set; }

    /// <summary>
    /// The mass-down brake: when at least this share of the members of a group that were up has gone silent at once, then
    /// those are <see cref="MemberState.Suspect"/> instead of down, which counts as up, for at most one service down time
    /// more. 0 to 1, both included; 0 turns it off. Default 0.5, ours: half of a fleet does not die in one moment, but its
    /// network does. At once: for half of the service down time or longer, and so long that reports were missed; those of them
    /// who are due later are held too, when most of the others are back. Who dies for good in such a silence is found one
    /// service down time later. Inside this process only.
    /// </summary>
    public double BrakeShare { get; set; } = 0.5;

    /// <summary>
    /// How many members of a group must have been up for the mass-down brake. 0 or more; 0 turns it off. Default 10, ours:
    /// of a few, half are soon dead.
    /// </summary>
    public int BrakeSize { get; set; } = 10;

    /// <summary>The source of time. Default <see cref="TimeProvider.System"/>; another one in tests.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Where the meter <see cref="ServiceGroup.MeterName"/> is made; null (default) for one of its own.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>Checks every option and applies the rule for the service down time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    internal ServiceGroupOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(TimeProvider);
        Check(ReportInterval, nameof(ReportInterval), TimeSpan.FromTicks(1), TimeSpan.FromDays(1));
        Check(ServiceDownTime, nameof(ServiceDownTime), TimeSpan.FromTicks(1), TimeSpan.FromDays(365));
        Check(Tick, nameof(Tick), LeastTick, TimeSpan.FromSeconds(10));
        Check(MemoryLimit, nameof(MemoryLimit), 1 << 20, 1L << 41);
        Check(EventBuffer, nameof(EventBuffer), 1, 1 << 20);
        Check(MaxCredit ?? TimeSpan.Zero, nameof(MaxCredit), TimeSpan.Zero, TimeSpan.FromDays(365));
        Check(BrakeShare, nameof(BrakeShare), 0, 1);
        Check(BrakeSize, nameof(BrakeSize), 0, int.MaxValue);
        var valid = (ServiceGroupOptions)MemberwiseClone();
        valid.ServiceDownTime = DownTime(ReportInterval, ServiceDownTime);
        valid.Tick = TickFor(valid);
        return valid;
    }

    /// <summary>Nova's rule: a down time not longer than the interval would call every member dead between two beats.</summary>
    internal static TimeSpan DownTime(TimeSpan reportInterval, TimeSpan serviceDownTime)
    {
        if (serviceDownTime > reportInterval)
        {
            return serviceDownTime;
        }

        TimeSpan longer = reportInterval * 2.5;
        TimeSpan whole = TimeSpan.FromSeconds(Math.Truncate(longer.TotalSeconds));
        return whole > reportInterval ? whole : longer;
    }

    // Members report at ticks: one that comes too seldom for the interval, or for what it leaves of the down time, would
    // have them down between two reports.
    private static TimeSpan TickFor(ServiceGroupOptions options)
    {
        TimeSpan longest = (options.ServiceDownTime - options.ReportInterval) / 2;
        longest = longest < options.ReportInterval ? longest : options.ReportInterval;
        longest = longest > LeastTick ? longest : LeastTick;
        return options.Tick < longest ? options.Tick : longest;
    }

    private static void Check<T>(T value, string option, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(option, value, $"{option} is {value}; allowed is {least} to {most}.");
        }
    }
}
