using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class EpochTests
{
    [Fact]
    public void The_epoch_moves_on_when_nobody_is_inside()
    {
        long before = Epoch.Present;
        Assert.True(Epoch.TryAdvance());
        Assert.True(Epoch.TryAdvance());
        Assert.Equal(before + 2, Epoch.Present);
    }

    [Fact]
    public void A_thread_inside_lets_it_move_once_and_no_further()
    {
        long before = Epoch.Present;
        using (new EpochHolder())
        {
            Assert.True(Epoch.TryAdvance());
            Assert.False(Epoch.TryAdvance());
            Assert.False(Epoch.TryAdvance());
            Assert.Equal(before + 1, Epoch.Present);
        }

        Assert.True(Epoch.TryAdvance());
    }

    [Fact]
    public void A_guard_tells_its_threads_slot()
    {
        using EpochGuard guard = Epoch.Enter(this);
        Assert.Equal(ThreadSlot.Current, guard.Slot);
    }

    [Fact]
    public void Threads_alive_at_once_have_slots_of_their_own()
    {
        const int threads = 20;
        var slots = new HashSet<int>();
        using var all = new Barrier(threads);
        Thread[] running = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            int slot = ThreadSlot.Current;
            Assert.InRange(slot, 0, ThreadSlot.Used - 1);
            lock (slots)
            {
                slots.Add(slot);
            }

            all.SignalAndWait();
        }))];
        Array.ForEach(running, thread => thread.Start());
        Array.ForEach(running, thread => thread.Join());
        Assert.Equal(threads, slots.Count);
    }

    [Fact]
    public void The_slots_of_threads_that_have_ended_are_given_out_again()
    {
        // Far more threads than slots over time, but few at once. Finalizers give the slots back, so they are let run.
        for (int i = 0; i < ThreadSlot.Max + 500; i++)
        {
            var thread = new Thread(static () => _ = ThreadSlot.Current, maxStackSize: 128 << 10);
            thread.Start();
            thread.Join();
            if (i % 500 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        Assert.InRange(ThreadSlot.Used, 1, ThreadSlot.Max);
    }
}
