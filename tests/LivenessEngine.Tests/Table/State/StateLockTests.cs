using System.Diagnostics;
using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

public sealed class StateLockTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_in_use_is_refused_with_the_process_that_has_it()
    {
        using StateLock held = StateLock.Take(_folder.Options);
        var fault = Assert.Throws<StateFileException>(() => StateLock.Take(_folder.Options));
        Assert.Contains(_folder.Path, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}:", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_has_it_when_the_other_has_ended()
    {
        StateLock held = StateLock.Take(_folder.Options);
        Task<StateLock> waiting = Task.Run(
            () => StateLock.Take(_folder.Options with { LockTimeout = TimeSpan.FromSeconds(30) }), TestContext.Current.CancellationToken);
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        held.Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public void Waiting_ends_with_its_time_or_when_it_is_told_to()
    {
        using StateLock held = StateLock.Take(_folder.Options);
        var watch = Stopwatch.StartNew();
        Assert.Throws<StateFileException>(() => StateLock.Take(_folder.Options with { LockTimeout = TimeSpan.FromMilliseconds(60) }));
        Assert.True(watch.ElapsedMilliseconds >= 50);
        using var stop = new CancellationTokenSource(50);
        Assert.Throws<StateFileException>(
            () => StateLock.Take(_folder.Options with { LockTimeout = TimeSpan.FromHours(1), StopWaiting = stop.Token }));
    }

    [Theory]
    [InlineData("missing/state")]
    [InlineData(".")]
    public void A_place_that_cannot_be_used_is_an_error_that_names_it(string path)
    {
        path = Path.Combine(Path.GetDirectoryName(_folder.Path)!, path);
        _folder.Options = new StateFileOptions(path);
        Assert.Contains(path, Assert.Throws<StateFileException>(() => _folder.Start()).Message, StringComparison.Ordinal);
    }
}
