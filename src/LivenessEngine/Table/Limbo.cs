using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>Takes back what no thread can see any more; called on any thread.</summary>
internal interface IReclaimed
{
    void Reclaim(ulong retired);
}

/// <summary>
/// What has been unlinked from one table and may still be seen: given back to the owner when its epoch is over.
/// </summary>
/// <remarks>
/// Never blocks: a thread that stays inside an epoch keeps memory from being reused, and nobody waits for it. What a
/// thread retired is taken back by the same thread as it goes on retiring, or by whoever is short of memory
/// (<see cref="Renew"/>): a thread that stops keeps nothing back.
/// </remarks>
internal sealed class Limbo(IReclaimed owner)
{
    /// <summary>How many items a thread retires before it looks whether the epoch can move.</summary>
    public const int BatchItems = 256;

    /// <summary>How many bytes a thread retires before it looks whether the epoch can move.</summary>
    public const int BatchBytes = 128 << 10;

    // Entry s is set and added to by the thread that holds slot s; anybody may take from it.
    private readonly LimboQueue?[] _queues = new LimboQueue?[ThreadSlot.Max];

    /// <summary>Gives back, once nobody can see it, what the caller has just made unreachable.</summary>
    public void Retire(in EpochGuard guard, ulong retired, int bytes)
    {
        LimboQueue queue = _queues[guard.Slot] ?? NewQueue(guard.Slot);
        queue.Add(retired, bytes, Epoch.Present);
        if (queue.IsDue)
        {
            Collect(queue);
        }
    }

    /// <summary>
    /// Leaves the epoch and enters the present one, and takes back what can be, of all threads. Every block found before
    /// is lost to the caller. False if some thread is still inside an earlier epoch, so that not all could be.
    /// </summary>
    public bool Renew(in EpochGuard guard)
    {
        Epoch.Leave(guard.Slot);
        bool all = !HasAny() || CollectAll();
        Epoch.Reenter(guard.Slot);
        return all;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Collect(LimboQueue queue)
    {
        Epoch.TryAdvance();
        queue.Collect(owner, Epoch.Present - 2);
        queue.Rest();
    }

    private bool CollectAll()
    {
        // Others may stand in the way of the second step, or of both; what was retired before them comes back all the same.
        long retired = Epoch.Present;
        _ = Epoch.TryAdvance() && Epoch.TryAdvance();
        long over = Epoch.Present - 2;
        for (int slot = ThreadSlot.Used - 1; slot >= 0; slot--)
        {
            Volatile.Read(ref _queues[slot])?.Collect(owner, over);
        }

        return over >= retired;
    }

    private bool HasAny()
    {
        for (int slot = ThreadSlot.Used - 1; slot >= 0; slot--)
        {
            if (Volatile.Read(ref _queues[slot]) is { IsEmpty: false })
            {
                return true;
            }
        }

        return false;
    }

    private LimboQueue NewQueue(int slot)
    {
        var queue = new LimboQueue();
        Volatile.Write(ref _queues[slot], queue);
        return queue;
    }
}
