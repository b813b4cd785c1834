using System.Diagnostics;

namespace LivenessEngine.Testing;

/// <summary>Waits for what other threads and processes do: looks again and again, and gives up after a time that no machine needs.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task True(Func<bool> condition, string what)
        => await True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Deadline, $"{what}: not within {Deadline.TotalSeconds} s");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The task, or a failure when it takes too long.</summary>
    public static async Task<T> Of<T>(Task<T> task, string what)
    {
        await Done(task, what);
        return await task;
    }

    /// <inheritdoc cref="Of{T}"/>
    public static async Task Done(Task task, string what, TimeSpan? limit = null)
    {
        TimeSpan deadline = limit ?? Deadline;
        Task first = await Task.WhenAny(task, Task.Delay(deadline, TestContext.Current.CancellationToken));
        Assert.True(first == task, $"{what}: not within {deadline.TotalSeconds} s");
        await task;
    }
}
