using LivenessEngine.Tools.Faults.Judging;
using LivenessEngine.Tools.Faults.Servers;

namespace LivenessEngine.Tools.Faults.Scenarios;

/// <summary>The faults that every server is put through.</summary>
internal static class FaultList
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<Fault> Of(Scale scale) =>
    [
        new("none", stage => stage.WaitAsync(2)),
        new("stopped for 2x service_down_time", stage => stage.PauseAsync(2 * scale.ServiceDownTime)) { IsLarge = true },
        new("killed, back after 2x service_down_time", stage => stage.CrashAsync(2 * scale.ServiceDownTime)) { IsLarge = true },
        new("restart (SIGTERM)", stage => stage.RestartAsync()),
        new("planned restart (take-over)", stage => stage.RenewAsync()),
        new("wall clock steps of 1 h", StepClockAsync) { SetsClock = true },
        new("writers 10 min behind and ahead", SkewWritersAsync),
        new("reader 61 s ahead", stage => stage.WaitAsync(2)) { ReaderSkews = [TimeSpan.FromSeconds(61)] },
        new("reader service_down_time + 1 s ahead", stage => stage.WaitAsync(2))
        {
            ReaderSkews = [scale.ServiceDownTime + TimeSpan.FromSeconds(1)],
        },
        new("flush_all", FlushAsync),
        new("memory full of other items", stage => stage.FillAsync(2 * scale.ServiceDownTime))
        {
            Settings = settings => settings with { Memory = 16 },
            IsAlone = true,
        },
        new("killed for good, clients go to another", stage => stage.MoveAsync())
        {
            HasTwoServers = true,
            Staleness = 2 * Server.Exchange,
        },
        new("six in ten silent for 1.6x service_down_time", stage => stage.SilenceAsync(0.6, 1.6 * scale.ServiceDownTime)),
        new("six in ten dead at once", DieTogetherAsync) { Deaths = 0 },
        new("one in ten dead at once", DieInARackAsync) { Deaths = 0 },
    ];

    private static async Task StepClockAsync(Stage stage)
    {
        foreach (TimeSpan ahead in (TimeSpan[])[Hour, -Hour, TimeSpan.Zero])
        {
            stage.SetClock(ahead);
            await stage.WaitAsync(1);
        }
    }

    private static async Task SkewWritersAsync(Stage stage)
    {
        stage.SkewWriters(1.0 / 3, TenMinutes);
        stage.SkewWriters(1.0 / 2, -TenMinutes);
        await stage.WaitAsync(2);
    }

    private static async Task FlushAsync(Stage stage)
    {
        for (int i = 0; i < 5; i++)
        {
            await stage.FlushAsync();
            await stage.WaitAsync(0.3);
        }
    }

    private static async Task DieTogetherAsync(Stage stage)
    {
        stage.DieTogether(0.6);
        await stage.WaitAsync(1);
    }

    private static async Task DieInARackAsync(Stage stage)
    {
        stage.Die(0.1);
        await stage.WaitAsync(1);
    }
}
