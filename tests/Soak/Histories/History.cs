namespace LivenessEngine.Soak.Histories;

/// <summary>
/// The operations of several threads on a key that was not there before: is there an order in which one thread alone would
/// have got the same answers, and in which nothing comes before what was answered when it began? (Herlihy and Wing,
/// "Linearizability", 1990; the search: Wing and Gong, 1993, with the memory of Lowe, 2017.)
/// </summary>
internal static class History
{
    /// <summary>More than these, and the set of those that are made would need more bits.</summary>
    public const int MaxOperations = 32;

    public static bool IsLinearizable(IReadOnlyList<Operation> operations)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(operations.Count, MaxOperations);
        return CanGoOn(operations, 0, ItemModel.Absent, []);
    }

    // A set of operations that leave the same item behind can be gone on from or not, by whatever way it was come to.
    private static bool CanGoOn(IReadOnlyList<Operation> operations, uint made, ItemModel item, HashSet<(uint Made, ItemModel Item)> deadEnds)
    {
        if (made == (1UL << operations.Count) - 1)
        {
            return true;
        }

        if (deadEnds.Contains((made, item)))
        {
            return false;
        }

        long earliestAnswer = long.MaxValue;
        for (int i = 0; i < operations.Count; i++)
        {
            earliestAnswer = (made & (1u << i)) == 0 ? Math.Min(earliestAnswer, operations[i].Answered) : earliestAnswer;
        }

        for (int i = 0; i < operations.Count; i++)
        {
            // Whatever began after another one's answer comes after that one.
            if ((made & (1u << i)) == 0
                && operations[i].Invoked < earliestAnswer
                && item.Explains(operations[i], out ItemModel after)
                && CanGoOn(operations, made | (1u << i), after, deadEnds))
            {
                return true;
            }
        }

        deadEnds.Add((made, item));
        return false;
    }

    /// <summary>One line an operation, in the order in which they began.</summary>
    public static string Describe(IEnumerable<Operation> operations) => string.Join('\n', operations
        .OrderBy(operation => operation.Invoked)
        .Select(o => $"{o.Invoked}-{o.Answered} {o.Kind} {o.Argument} {(o.Kind == OperationKind.Cas ? $"expects {o.Expected} " : "")}-> {o.Outcome} {o.Value} cas {o.Cas}"));
}
