using System.Globalization;
using LivenessEngine.Tools.Faults.Judging;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>Three to six faults at random moments, all from one seed: the same seed is the same schedule.</summary>
/// <remarks>
/// Within what is promised: an outage is at most twice the service down time and everybody can report once before the next;
/// silence of most members happens once, and ends before a brake lets go. The wall clock steps by up to three hours either way.
/// </remarks>
internal sealed class Schedule
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(12);

    // Besides those that every run has at its beginning and its end.
    private const int MoreDeaths = 3;

    private readonly Random _random;
    private readonly Scale _scale;
    private readonly List<Step> _steps = [];
    private bool _setsClock;
    private bool _hasMassSilence;

    private Schedule(int seed, Scale scale, bool canSetClock)
    {
        (_random, _scale) = (new Random(seed), scale);
        Seed = seed;
        int count = _random.Next(3, 7);
        for (int i = 0; i < count; i++)
        {
            TimeSpan at = Part(Length, 0, 1);
            _steps.Add(Choose(at, canSetClock));
        }

        for (int i = 0; i < MoreDeaths; i++)
        {
            _steps.Add(Death(Part(Length, 0, 1), 0.01 + (0.05 * _random.NextDouble())));
        }

        _steps.Sort((a, b) => a.At.CompareTo(b.At));
        ReaderSkew = ((TimeSpan[])[TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(-61), scale.ServiceDownTime + TimeSpan.FromSeconds(1)])[_random.Next(3)];
    }

    public int Seed { get; }

    public TimeSpan ReaderSkew { get; }

    /// <summary>The schedule of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="scale">The times of the run.</param>
    /// <param name="canSetClock">Whether the server's wall clock can be set; where it cannot, those steps fill the memory.</param>
    public static Schedule Of(int seed, Scale scale, bool canSetClock) => new(seed, scale, canSetClock);

    public Fault ToFault() => new($"seed {Seed}", RunAsync)
    {
        ReaderSkews = [TimeSpan.Zero, ReaderSkew],
        SetsClock = _setsClock,
        Deaths = 0.02,
    };

    public override string ToString()
        => string.Join("; ", _steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.At.TotalSeconds:F1} s {step.What}")))
            + string.Create(CultureInfo.InvariantCulture, $"; a reader {ReaderSkew.TotalSeconds:F0} s ahead");

    private Task RunAsync(Stage stage) => Task.WhenAll(_steps.Select(async step =>
    {
        await Task.Delay(step.At);
        await step.Run(stage);
    }));

    private Step Choose(TimeSpan at, bool canSetClock)
    {
        TimeSpan outage = Part(2 * _scale.ServiceDownTime, 0.03, 1);
        int kind = _random.Next(11);
        if (kind == 6 && !canSetClock)
        {
            kind = 7;
        }

        return kind switch
        {
            0 or 1 => new Step(at, Text($"stopped for {outage.TotalSeconds:F1} s"), stage => stage.PauseAsync(outage)),
            2 or 3 => new Step(at, Text($"killed for {outage.TotalSeconds:F1} s"), stage => stage.CrashAsync(outage)),
            4 => new Step(at, "restarted", stage => stage.RestartAsync()),
            10 => new Step(at, "taken over", stage => stage.RenewAsync()),
            5 => new Step(at, "flush_all", stage => stage.FlushAsync()),
            6 => ClockStep(at),
            7 => new Step(at, "filled for 2 s", stage => stage.FillAsync(TimeSpan.FromSeconds(2))),
            8 => WriterSkew(at),
            _ => Silence(at),
        };
    }

    private Step ClockStep(TimeSpan at)
    {
        _setsClock = true;
        TimeSpan ahead = TimeSpan.FromMinutes(_random.Next(-180, 181));
        return new Step(at, Text($"wall clock {ahead.TotalMinutes:F0} min ahead"), stage =>
        {
            stage.SetClock(ahead);
            return Task.CompletedTask;
        });
    }

    private Step WriterSkew(TimeSpan at)
    {
        TimeSpan skew = TimeSpan.FromMinutes(_random.Next(-10, 11));
        return new Step(at, Text($"a third of the writers {skew.TotalMinutes:F0} min ahead"), stage =>
        {
            stage.SkewWriters(1.0 / 3, skew);
            return Task.CompletedTask;
        });
    }

    // Of most members at once, and once in a schedule; otherwise a tenth dies.
    private Step Silence(TimeSpan at)
    {
        if (_hasMassSilence)
        {
            return Death(at, 0.1);
        }

        _hasMassSilence = true;
        double share = 0.6 + (0.3 * _random.NextDouble());
        TimeSpan time = Part(_scale.ServiceDownTime, 1, 1.6);
        return new Step(at, Text($"{share:P0} silent for {time.TotalSeconds:F1} s"), stage => stage.SilenceAsync(share, time));
    }

    private static Step Death(TimeSpan at, double share) => new(at, Text($"{share:P0} dead"), stage =>
    {
        stage.Die(share);
        return Task.CompletedTask;
    });

    private TimeSpan Part(TimeSpan whole, double least, double most) => whole * (least + ((most - least) * _random.NextDouble()));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Step(TimeSpan At, string What, Func<Stage, Task> Run);
}
