using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>
/// Proof that the running thread is inside an epoch: while it is held, no block that was reachable since it was
/// entered is reused, so reading one needs no further care. Held for one operation, never over an await.
/// </summary>
internal readonly unsafe ref struct EpochGuard
{
    private readonly EpochCell* _cell;
    private readonly object _table;

    /// <param name="cell">The thread's cell, which says that it is inside.</param>
    /// <param name="table">Kept reachable while the guard is held, and with it the memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal EpochGuard(EpochCell* cell, object table)
    {
        _cell = cell;
        _table = table;
    }

    /// <summary>The thread's number.</summary>
    public int Slot => _cell->Slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        Volatile.Write(ref _cell->Epoch, 0);
        GC.KeepAlive(_table);
    }
}
