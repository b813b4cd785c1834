using System.Runtime.CompilerServices;
using LivenessEngine.Table.State;

namespace LivenessEngine.Table;

/// <summary>A member that has left: by a delete, or evicted long after it went silent.</summary>
internal sealed class Departure(int row, string name, long lastSeen)
{
    public int Row => row;

    public string Name => name;

    public long LastSeen => lastSeen;

    /// <summary>The one that left before it; the stack's link.</summary>
    public Departure? Next { get; set; }
}

/// <summary>
/// The dense columns of members, one row each: when it was last seen, its group, and where in the index its block is.
/// A beat is one aligned 8-byte store into the first of them.
/// </summary>
/// <remarks>
/// <para>A row belongs to one member from <see cref="Allocate"/> until it has left and every thread that might still
/// be storing a beat into it has left its epoch (<see cref="Recycle"/> is called by the reclaimer). Were the row reused
/// at once, a beat of the old member in flight would keep the new one alive: soak test
/// <c>ALateBeatNeverRevivesAnotherMember</c>.</para>
/// <para>Row 0 is nobody's.</para>
/// </remarks>
internal sealed unsafe class MemberColumns
{
    // Last seen, in liveness clock ticks; 0 for never. Written by anyone inside an epoch that found the member's block
    // live, with a plain aligned store; read by the sweep, 8 rows at a time, and by every question. No tear: aligned
    // 8-byte stores and loads are single on every platform that .NET runs on in 64 bits, and the sweep looks again
    // with a single load before it believes a vector lane. Two beats at once: either of two honest times remains.
    // Nothing is published through it, so it needs no fence; a store becomes visible within nanoseconds.
    private readonly long* _lastSeen;

    // Hash of the key and group + 1 (0: vacant). Written before the block that carries the row is published, and
    // by the sweep when the member has departed; published by the swap that links the block.
    private readonly uint* _hash;
    private readonly int* _group;

    // Which member, counting all that ever had the row; grows when one leaves. A handle that remembers it finds out
    // inside its epoch that the row is its member's no more. Raised by an interlocked add after the member's block was
    // marked, read with acquire. A beat that does not look, or looks before it is inside, revives the next member in
    // the row: soak test ALateBeatNeverRevivesAnotherMember.
    private readonly uint* _tenure;

    // One bit a row: the member was up when the sweep last judged it. Written by the sweep alone with plain stores, read by
    // anyone: between two sweeps nobody goes down, so that who asks on the wire and who watches are told the same.
    private readonly ulong* _up;

    // By how many milliseconds the member's last heartbeat arrived after the time that its writer gave it; what is not
    // negative is kept as one more, and 0 is for not known. Written by whoever stores a heartbeat, with a plain store, cleared
    // when the row is taken for a member; read by who shows it. Nothing is decided by it, so it needs no order: a late store
    // of a member that has left is shown for the next one until that one's own.
    private readonly int* _skew;

    // Keep the columns' memory.
    private readonly Region _region;
    private readonly StateImage? _image;

    private readonly StateSpace? _space;
    private readonly ConcurrentBitSet _vacant;
    private int _highest;

    // Treiber stack: pushed by whoever deletes a member, taken whole by the sweep. Objects, so that the collector
    // rules out ABA; a member that leaves is the one thing here that allocates. One pushed twice is told twice, and its
    // row is given to two members: soak test TransitionsAreToldOnce.
    private Departure? _departed;

    // Who is about to leave or has left, and was not taken by the sweep. Raised before the block is marked, so whoever
    // comes back under the name has come after it, and the sweep that finds the one sees the other. Interlocked on both
    // sides. Raised only with the push, it would be late for a thread that is stopped between mark and push, and the
    // member would go up twice and then down for good: soak test TransitionsAreToldOnce.
    private int _leaving;

    // How often a member was moved to another group. Raised by an interlocked add after the group's swap, read with acquire by
    // the sweep, which then reads the groups: what it does not see of a swap it counts the next time.
    private int _regroupings;

    /// <param name="capacity">How many rows there can ever be.</param>
    /// <param name="state">Holds last seen, group and verdict, where they outlive the process.</param>
    public MemberColumns(int capacity, StateFile? state = null)
    {
        capacity = (capacity + 63) & ~63;
        Capacity = capacity;
        long hash = Align(capacity * (long)sizeof(long));
        long group = hash + Align(capacity * (long)sizeof(uint));
        long tenure = group + Align(capacity * (long)sizeof(int));
        long vacant = tenure + Align(capacity * (long)sizeof(uint));
        int words = ConcurrentBitSet.WordsFor(capacity);
        long up = vacant + Align(words * (long)sizeof(ulong));
        long skew = up + Align(capacity / 64 * (long)sizeof(ulong));
        _region = new Region(skew + Align(capacity * (long)sizeof(int)));
        _image = state?.Image;
        _space = state?.Space;
        _lastSeen = _image is null ? _region.Array<long>() : _image.LastSeen;
        _hash = _region.Array<uint>(hash);
        _group = _image is null ? _region.Array<int>(group) : _image.Group;
        _tenure = _region.Array<uint>(tenure);
        _up = _image is null ? _region.Array<ulong>(up) : _image.Up;
        _skew = _region.Array<int>(skew);
        _vacant = new ConcurrentBitSet(_region.Array<ulong>(vacant), words);
    }

    public int Capacity { get; }

    /// <summary>One past the highest row in use; rounded up to whole vectors, rows past the end being vacant.</summary>
    public int End => (Math.Min(Volatile.Read(ref _highest), Capacity - 1) + 1 + 63) & ~63;

    /// <summary>The first row of <see cref="LastSeen"/>, on a cache line boundary, for the sweep.</summary>
    public long* LastSeenColumn => _lastSeen;

    /// <summary>The beat: the member of this row was seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(int row, long livenessNow) => Volatile.Write(ref _lastSeen[row], livenessNow);

    /// <summary>
    /// Hearsay: somebody else has seen the member. False, and nothing is changed, if it is not as old as it was thought to be:
    /// a beat that comes meanwhile is a plain store and counts, whichever comes first.
    /// </summary>
    public bool TryAdvance(int row, long from, long to) => Interlocked.CompareExchange(ref _lastSeen[row], to, from) == from;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long LastSeen(int row) => Volatile.Read(ref _lastSeen[row]);

    /// <summary>The verdicts of the last sweep, 64 rows a word.</summary>
    public ulong* UpColumn => _up;

    /// <summary>
    /// Whether the member is up: it was seen in time, or no sweep has said yet that it was not.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsUp(int row, long downBefore)
        => LastSeen(row) >= downBefore || (Volatile.Read(ref _up[row >> 6]) & (1UL << (row & 63))) != 0;

    /// <summary>By how many milliseconds the member's last heartbeat arrived after its time; null if that was never told.</summary>
    public int? Skew(int row) => Volatile.Read(ref _skew[row]) switch
    {
        0 => null,
        > 0 and int skew => skew - 1,
        int skew => skew,
    };

    public void SetSkew(int row, int milliseconds)
        => Volatile.Write(ref _skew[row], milliseconds < 0 ? milliseconds : Math.Min(milliseconds, int.MaxValue - 1) + 1);

    public uint Hash(int row) => Volatile.Read(ref _hash[row]);

    /// <summary>The group's number, or -1 for a row that is vacant.</summary>
    public int Group(int row) => Volatile.Read(ref _group[row]) - 1;

    /// <summary>
    /// The member of this row is of another group after all. Inside the epoch in which the member was found: it may have left by
    /// now, and then the swap finds a vacant row, but the row is nobody else's yet.
    /// </summary>
    public void Regroup(int row, int from, int to)
    {
        if (Interlocked.CompareExchange(ref _group[row], to + 1, from + 1) == from + 1)
        {
            Interlocked.Increment(ref _regroupings);
        }
    }

    /// <summary>Grows when members are moved to other groups: who counts by groups then has to count again.</summary>
    public int Regroupings => Volatile.Read(ref _regroupings);

    public uint Tenure(int row) => Volatile.Read(ref _tenure[row]);

    /// <summary>A row for a member whose block is about to be published; 0 when there are no more.</summary>
    public int Allocate(uint hash, int group)
    {
        int row = _vacant.Take();
        if (row == 0 && (row = AllocateFresh()) == 0)
        {
            return 0;
        }

        _hash[row] = hash;
        _skew[row] = 0;
        Volatile.Write(ref _group[row], group + 1);
        return row;
    }

    /// <summary>Gives back a row (0: none) whose block was never published.</summary>
    public void Return(int row)
    {
        if (row != 0)
        {
            Recycle(row);
        }
    }

    /// <summary>Whether somebody has left, or is about to, of whom <see cref="TakeDepartures"/> has not told yet.</summary>
    public bool AnyLeaving => Volatile.Read(ref _leaving) != 0;

    /// <summary>A member is about to leave: to be called before anyone can see that it has.</summary>
    public void StartToLeave() => Interlocked.Increment(ref _leaving);

    /// <summary>It has not left after all.</summary>
    public void Stay() => Interlocked.Decrement(ref _leaving);

    /// <summary>
    /// Tells the sweep that the member has left, who had started to. The row stays out of use until the sweep retires it.
    /// </summary>
    public void Depart(int row, string name)
    {
        Interlocked.Increment(ref _tenure[row]);
        var departure = new Departure(row, name, LastSeen(row));
        Departure? top;
        do
        {
            // Kept, because the departure's own link is the sweep's as soon as the swap is made, and is turned round.
            top = Volatile.Read(ref _departed);
            departure.Next = top;
        }
        while (Interlocked.CompareExchange(ref _departed, departure, top) != top);
    }

    /// <summary>All departures since the last call, the oldest first.</summary>
    public Departure? TakeDepartures()
    {
        Departure? oldest = null;
        for (Departure? next = Interlocked.Exchange(ref _departed, null); next != null;)
        {
            Departure rest = next;
            next = rest.Next;
            rest.Next = oldest;
            oldest = rest;
            Interlocked.Decrement(ref _leaving);
        }

        return oldest;
    }

    /// <summary>The departed member's row is no member's: called by the sweep, which then retires the row.</summary>
    public void Vacate(int row)
    {
        Volatile.Write(ref _group[row], 0);
        Volatile.Write(ref _lastSeen[row], 0);
    }

    /// <summary>Makes a row available again. Nobody can be storing into it.</summary>
    public void Recycle(int row)
    {
        Volatile.Write(ref _lastSeen[row], 0);
        Volatile.Write(ref _group[row], 0);
        _vacant.Add(row);
    }

    /// <summary>
    /// Starts from the rows that a file holds. Called before anyone else calls, when every row that is a member's was given
    /// to it (<see cref="Resume(int, uint)"/>).
    /// </summary>
    /// <param name="taken">One bit a row: it is a member's.</param>
    /// <param name="end">One past the last row that was ever used.</param>
    public void Resume(ReadOnlySpan<ulong> taken, int end)
    {
        int highest = end - 1;
        while (highest > 0 && (taken[highest >> 6] & (1UL << (highest & 63))) == 0)
        {
            Empty(highest--);
        }

        for (int row = 1; row < highest; row++)
        {
            if ((taken[row >> 6] & (1UL << (row & 63))) == 0)
            {
                Empty(row);
                _vacant.Add(row);
            }
        }

        _highest = Math.Max(highest, 0);
    }

    /// <summary>The row is the member's whose key has this hash.</summary>
    public void Resume(int row, uint hash) => _hash[row] = hash;

    /// <summary>Sets the verdict on a member before the first sweep.</summary>
    public void SetUp(int row, bool isUp)
    {
        ulong bit = 1UL << (row & 63);
        _up[row >> 6] = isUp ? _up[row >> 6] | bit : _up[row >> 6] & ~bit;
    }

    /// <summary>How many members are up at a moment.</summary>
    public long CountUp(long downBefore)
    {
        long up = 0;
        for (int row = End - 1; row > 0; row--)
        {
            up += Group(row) >= 0 && IsUp(row, downBefore) ? 1 : 0;
        }

        return up;
    }

    private void Empty(int row)
    {
        _lastSeen[row] = 0;
        _group[row] = 0;
        _up[row >> 6] &= ~(1UL << (row & 63));
    }

    private int AllocateFresh()
    {
        int seen = Volatile.Read(ref _highest);
        while (seen + 1 < Capacity && (_space is null || _space.TryTakeRow(seen + 1)))
        {
            int found = Interlocked.CompareExchange(ref _highest, seen + 1, seen);
            if (found == seen)
            {
                return seen + 1;
            }

            seen = found;
        }

        return 0;
    }

    private static long Align(long bytes) => (bytes + 4095) & ~4095L;
}
