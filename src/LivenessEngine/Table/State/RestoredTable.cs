namespace LivenessEngine.Table.State;

/// <summary>A table, and what it is kept in.</summary>
/// <param name="Table">With what the file held.</param>
/// <param name="State">Null for a table in memory alone.</param>
/// <param name="Restored">What the file held.</param>
internal sealed record RestoredTable(LivenessTable Table, StateFile? State, RestoredState Restored)
{
    /// <summary>
    /// A file that the recovery cannot cope with, for whatever reason, is as good as damaged: it is set aside. Else the
    /// engine would fail at it again at every start.
    /// </summary>
    /// <param name="options">Where it is kept; null for nowhere.</param>
    /// <param name="table">What the table is like.</param>
    /// <param name="now">The wall clock.</param>
    /// <exception cref="StateFileException">The file is in use, or cannot be made.</exception>
    /// <exception cref="InsufficientMemoryException">The address space does not hold it.</exception>
    public static RestoredTable Open(StateFileOptions? options, TableOptions table, DateTimeOffset now)
    {
        if (options is null)
        {
            return new RestoredTable(new LivenessTable(table), null, RestoredState.None);
        }

        StateFile state = StateFile.Open(options, table, now);
        string setAside;
        try
        {
            return Restore(state, table, now);
        }
        catch (Exception fault) when (fault is not (IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            setAside = state.PutAside(now, $"it cannot be recovered ({fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")})");
        }

        RestoredTable empty = Restore(StateFile.Open(options, table, now), table, now);
        return empty with { Restored = empty.Restored with { SetAside = setAside } };
    }

    private static RestoredTable Restore(StateFile state, TableOptions options, DateTimeOffset now)
    {
        try
        {
            var table = new LivenessTable(options with { State = state });
            RestoredState restored = table.Restore(now);

            // Not before: the recovery reads what there is from one end to the other.
            state.Image.Memory.ReadSingly();
            return new RestoredTable(table, state, restored);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }
}
