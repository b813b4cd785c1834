namespace LivenessEngine.Table;

/// <summary>Takes back what no thread can see any more; called on the thread that retired it.</summary>
internal interface IReclaimed
{
    void Reclaim(ulong retired);
}

/// <summary>
/// What has been unlinked from one table and may still be seen: given back to the owner when its epoch is over.
/// </summary>
/// <remarks>
/// Never blocks: a thread that stays inside an epoch keeps memory from being reused, and nobody waits for it. What a
/// thread retired is reclaimed by the same thread as it goes on retiring; a thread that stops keeps back at most
/// <see cref="BatchItems"/> items or <see cref="BatchBytes"/> bytes, until its slot's next holder goes on.
/// </remarks>
internal sealed class Limbo(IReclaimed owner)
{
    /// <summary>How many items a thread retires before it looks whether the epoch can move.</summary>
    public const int BatchItems = 256;

    /// <summary>How many bytes a thread retires before it looks whether the epoch can move.</summary>
    public const int BatchBytes = 128 << 10;

    // Entry s is touched by the thread that holds slot s, and by no other.
    private readonly Queue?[] _queues = new Queue?[ThreadSlot.Max];

    /// <summary>Gives back, once nobody can see it, what the caller has just made unreachable.</summary>
    public void Retire(in EpochGuard guard, ulong retired, int bytes)
    {
        Queue queue = _queues[guard.Slot] ??= new Queue();
        queue.Add(retired, bytes, Epoch.Present);
        if (queue.Count >= queue.CollectAt || queue.Bytes >= BatchBytes)
        {
            Epoch.TryAdvance();
            Collect(queue);
        }
    }

    /// <summary>
    /// Leaves the epoch and enters the present one, and takes back what can be. Every block found before is lost to the
    /// caller.
    /// </summary>
    public void Renew(in EpochGuard guard)
    {
        Epoch.Leave(guard.Slot);
        Queue? queue = _queues[guard.Slot];
        if (queue is { Count: > 0 } && Epoch.TryAdvance() && Epoch.TryAdvance())
        {
            Collect(queue);
        }

        Epoch.Reenter(guard.Slot);
    }

    private void Collect(Queue queue)
    {
        long over = Epoch.Present - 2;
        while (queue.TryTake(over, out ulong retired))
        {
            owner.Reclaim(retired);
        }

        queue.CollectAt = queue.Count + BatchItems;
    }

    /// <summary>What one thread has retired, oldest first.</summary>
    private sealed class Queue
    {
        private (ulong Retired, int Bytes, long Epoch)[] _ring = new (ulong, int, long)[BatchItems * 2];
        private int _head;

        public int Count { get; private set; }

        public long Bytes { get; private set; }

        public int CollectAt { get; set; } = BatchItems;

        public void Add(ulong retired, int bytes, long epoch)
        {
            if (Count == _ring.Length)
            {
                Grow();
            }

            _ring[(_head + Count) & (_ring.Length - 1)] = (retired, bytes, epoch);
            Count++;
            Bytes += bytes;
        }

        public bool TryTake(long over, out ulong retired)
        {
            ref var oldest = ref _ring[_head];
            retired = oldest.Retired;
            if (Count == 0 || oldest.Epoch > over)
            {
                return false;
            }

            _head = (_head + 1) & (_ring.Length - 1);
            Count--;
            Bytes -= oldest.Bytes;
            return true;
        }

        // Only when some thread has stayed inside an old epoch for long.
        private void Grow()
        {
            var larger = new (ulong, int, long)[_ring.Length * 2];
            for (int i = 0; i < Count; i++)
            {
                larger[i] = _ring[(_head + i) & (_ring.Length - 1)];
            }

            _ring = larger;
            _head = 0;
        }
    }
}
