using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LivenessEngine.Table;

/// <summary>One thread's part in the epochs: two cache lines of its own, so that entering disturbs no neighbour.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct EpochCell
{
    /// <summary>The epoch that the thread is in, 0 when it is in none. Written by the thread, read by whoever advances.</summary>
    [FieldOffset(0)]
    public long Epoch;

    /// <summary>The thread's <see cref="ThreadSlot"/>.</summary>
    [FieldOffset(8)]
    public int Slot;
}

/// <summary>
/// The epochs of all threads of the process (Fraser, "Practical lock-freedom", 2004). What was unlinked is reused only
/// after every thread that might still be reading it has left the epoch it was in.
/// </summary>
/// <remarks>
/// <para>The present epoch advances from <c>e</c> to <c>e + 1</c> only when every cell holds 0 or <c>e</c>. What is
/// retired while it is <c>e</c> is reclaimed when it has reached <c>e + 2</c>: whoever could have found it before it
/// was unlinked had <c>e</c> or less in its cell, and so has left.</para>
/// <para><b>The fence.</b> Entering is a store (my cell) followed by loads (the links): the one pair that even x86
/// lets pass each other. The advancing thread pays for it instead, with a process-wide barrier before it looks at the
/// cells: a cell store that is not visible after that barrier has not happened yet, so the loads that follow it come
/// after the unlinking that the barrier ordered, and cannot find what was unlinked. Without the barrier a reader's
/// links may be read while its cell still looks empty, and the block under it is overwritten: soak test
/// <c>ReadersNeverSeeAReusedBlock</c>.</para>
/// <para>One set of epochs for all tables, because a thread's cell is then one thread-local pointer: with it a lookup is
/// short enough for the processor to have two under way at once.</para>
/// </remarks>
internal static unsafe class Epoch
{
    private static readonly Region Memory = new((ThreadSlot.Max + 1L) * sizeof(EpochCell));
    private static readonly EpochCell* Cells = Memory.Array<EpochCell>() + 1;

    // The cell before the first thread's holds the present epoch: written by compare-and-swap in TryAdvance, read by
    // everybody. A stale value read on entry is safe: it only holds the epoch back. A stale value read on retiring
    // would not be; it is read after the unlinking compare-and-swap, which is a full fence.
    private static readonly long* Global = Start();

    [ThreadStatic]
    private static EpochCell* t_cell;

    public static long Present => Volatile.Read(ref *Global);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EpochGuard Enter(object table)
    {
        EpochCell* cell = t_cell;
        if (cell == null)
        {
            cell = TakeCell();
        }

        Debug.Assert(cell->Epoch == 0, "an epoch is not entered twice");
        Volatile.Write(ref cell->Epoch, *Global);
        return new EpochGuard(cell, table);
    }

    /// <summary>Moves the epoch on if every thread inside one has reached it.</summary>
    public static bool TryAdvance()
    {
        long present = Present;
        Interlocked.MemoryBarrierProcessWide();
        for (int slot = ThreadSlot.Used - 1; slot >= 0; slot--)
        {
            long epoch = Volatile.Read(ref Cells[slot].Epoch);
            if (epoch != 0 && epoch != present)
            {
                return false;
            }
        }

        // Another thread may have moved it meanwhile; either way it has moved.
        Interlocked.CompareExchange(ref *Global, present + 1, present);
        return true;
    }

    internal static void Leave(int slot) => Volatile.Write(ref Cells[slot].Epoch, 0);

    internal static void Reenter(int slot) => Volatile.Write(ref Cells[slot].Epoch, Present);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static EpochCell* TakeCell()
    {
        int slot = ThreadSlot.Current;
        t_cell = &Cells[slot];
        t_cell->Slot = slot;
        return t_cell;
    }

    private static long* Start()
    {
        long* global = &(Cells - 1)->Epoch;
        *global = 2;
        return global;
    }
}
