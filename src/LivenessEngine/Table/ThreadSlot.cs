using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>
/// A small dense number for the running thread, so that per-thread state (epoch cells, limbo, counters) is an array
/// access. A slot is given back when its thread has ended and is then given to a later thread.
/// </summary>
internal static class ThreadSlot
{
    /// <summary>How many threads may use tables at the same time in one process.</summary>
    public const int Max = 4096;

    [ThreadStatic]
    private static int t_slotPlusOne;

    [ThreadStatic]
    private static Lease? t_lease;

    private static readonly Lock Gate = new();
    private static readonly Stack<int> Returned = new();
    private static int s_used;

    /// <summary>One past the highest slot ever given out: what a scan over all threads has to look at.</summary>
    public static int Used => Volatile.Read(ref s_used);

    /// <summary>The running thread's slot, 0 to <see cref="Max"/> - 1.</summary>
    /// <exception cref="InvalidOperationException">More than <see cref="Max"/> threads are alive.</exception>
    public static int Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int slotPlusOne = t_slotPlusOne;
            return slotPlusOne != 0 ? slotPlusOne - 1 : Take();
        }
    }

    // Once in a thread's life, so a lock is no part of any request.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Take()
    {
        int slot;
        lock (Gate)
        {
            if (!Returned.TryPop(out slot))
            {
                if (s_used == Max)
                {
                    throw new InvalidOperationException($"more than {Max} threads use the liveness table at once");
                }

                slot = s_used;
                Volatile.Write(ref s_used, slot + 1);
            }
        }

        t_lease = new Lease(slot);
        t_slotPlusOne = slot + 1;
        return slot;
    }

    /// <summary>Reachable from its thread alone: its finalizer runs after the thread has ended.</summary>
    private sealed class Lease(int slot)
    {
        ~Lease()
        {
            lock (Gate)
            {
                Returned.Push(slot);
            }
        }
    }
}
