namespace LivenessEngine.Table;

/// <summary>What one thread has retired, oldest first: added to by that thread, taken from by one thread at a time.</summary>
/// <remarks>
/// Nobody waits. Who finds another thread taking leaves it to that one; while it takes, or while some thread stays in an
/// old epoch, the queue grows by a further ring.
/// </remarks>
internal sealed class LimboQueue
{
    // The owner's: where it adds, and when it looks next.
    private Ring _adding;
    private long _added;
    private long _bytesAdded;
    private long _lookAt = Limbo.BatchItems;

    // The taker's: written only by who has swapped 1 into _taker, and handed on by the store of 0 (release) and the next
    // swap (acquire). Two takers at once would give a block back twice, and it would be two items' at once: soak test
    // EachIsGivenBackOnce.
    private Ring _taking;
    private long _taken;
    private long _bytesTaken;
    private int _taker;

    public LimboQueue() => _adding = _taking = new Ring(Limbo.BatchItems * 2);

    /// <summary>Nothing is in it; a hint to anybody but the owner.</summary>
    public bool IsEmpty => Volatile.Read(ref _added) == Volatile.Read(ref _taken);

    /// <summary>So much has come in that the owner should look what can go.</summary>
    public bool IsDue => _added >= _lookAt || _bytesAdded - Volatile.Read(ref _bytesTaken) >= Limbo.BatchBytes;

    public void Rest() => _lookAt = _added + Limbo.BatchItems;

    public void Add(ulong retired, int bytes, long epoch)
    {
        if (!_adding.TryAdd(retired, bytes, epoch))
        {
            // Published to the taker only when it holds the entry: the taker goes on to a ring that it finds.
            var larger = new Ring(_adding.Length * 2);
            larger.TryAdd(retired, bytes, epoch);
            Volatile.Write(ref _adding.Next, larger);
            _adding = larger;
        }

        _bytesAdded += bytes;
        Volatile.Write(ref _added, _added + 1);
    }

    /// <summary>Gives back everything that was retired in an epoch not later than <paramref name="over"/>.</summary>
    public void Collect(IReclaimed owner, long over)
    {
        if (IsEmpty || Interlocked.CompareExchange(ref _taker, 1, 0) != 0)
        {
            return;
        }

        while (TryTake(over, out ulong retired, out int bytes))
        {
            Volatile.Write(ref _taken, _taken + 1);
            Volatile.Write(ref _bytesTaken, _bytesTaken + bytes);
            owner.Reclaim(retired);
        }

        Volatile.Write(ref _taker, 0);
    }

    private bool TryTake(long over, out ulong retired, out int bytes)
    {
        while (true)
        {
            // Before the look into the ring: once there is a next one, nothing more comes into this.
            Ring? next = Volatile.Read(ref _taking.Next);
            if (_taking.TryTake(over, out retired, out bytes))
            {
                return true;
            }

            if (next is null || !_taking.IsEmpty)
            {
                return false;
            }

            _taking = next;
        }
    }

    /// <summary>A ring with one thread that adds and one that takes.</summary>
    private sealed class Ring(int length)
    {
        public Ring? Next;

        private readonly (ulong Retired, int Bytes, long Epoch)[] _entries = new (ulong, int, long)[length];

        // Each published with release by its one writer, behind the write or the read of the entry, and read with
        // acquire by the other side: an entry is read when it is whole, and overwritten when it has been read. Soak test
        // QueuesKeepTheirOrder.
        private long _added;
        private long _taken;

        public int Length => _entries.Length;

        public bool IsEmpty => Volatile.Read(ref _added) == Volatile.Read(ref _taken);

        public bool TryAdd(ulong retired, int bytes, long epoch)
        {
            if (_added - Volatile.Read(ref _taken) == _entries.Length)
            {
                return false;
            }

            _entries[_added & (_entries.Length - 1)] = (retired, bytes, epoch);
            Volatile.Write(ref _added, _added + 1);
            return true;
        }

        public bool TryTake(long over, out ulong retired, out int bytes)
        {
            retired = 0;
            bytes = 0;
            if (_taken == Volatile.Read(ref _added))
            {
                return false;
            }

            (retired, bytes, long epoch) = _entries[_taken & (_entries.Length - 1)];
            if (epoch > over)
            {
                return false;
            }

            Volatile.Write(ref _taken, _taken + 1);
            return true;
        }
    }
}
