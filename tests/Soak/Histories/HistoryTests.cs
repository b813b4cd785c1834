namespace LivenessEngine.Soak.Histories;

/// <summary>The judge of histories is judged: by what cannot have happened, and by what can, though it looks odd.</summary>
public sealed class HistoryTests
{
    private static Operation Made(
        OperationKind kind, long invoked, long answered, string argument = "", Outcome outcome = Outcome.Done, string? value = null, ulong cas = 0, ulong expected = 0)
        => new(kind, argument, expected) { Outcome = outcome, Value = value, Cas = cas, Invoked = invoked, Answered = answered };

    private static void MustBe(bool legal, params Operation[] operations)
    {
        Assert.Equal(legal, History.IsLinearizable(operations));

        // The order in which they are written down says nothing.
        Assert.Equal(legal, History.IsLinearizable([.. operations.Reverse()]));
    }

    [Fact]
    public void Nothing_and_what_one_thread_does_alone_are_legal()
    {
        MustBe(true);
        MustBe(
            true,
            Made(OperationKind.Get, 1, 2, outcome: Outcome.NotFound),
            Made(OperationKind.Add, 3, 4, "1", cas: 1),
            Made(OperationKind.Add, 5, 6, "9", Outcome.NotStored),
            Made(OperationKind.Append, 7, 8, "0", cas: 2),
            Made(OperationKind.Incr, 9, 10, "5", value: "15", cas: 3),
            Made(OperationKind.Touch, 11, 12, value: "15", cas: 3),
            Made(OperationKind.Cas, 13, 14, "7", cas: 4, expected: 3),
            Made(OperationKind.Cas, 15, 16, "8", Outcome.Exists, expected: 3),
            Made(OperationKind.Delete, 17, 18, value: "7", cas: 4),
            Made(OperationKind.Replace, 19, 20, "1", Outcome.NotStored));
    }

    [Fact]
    public void A_get_may_see_what_is_being_stored_or_not()
    {
        MustBe(true, Made(OperationKind.Set, 1, 4, "1", cas: 1), Made(OperationKind.Get, 2, 3, outcome: Outcome.NotFound));
        MustBe(true, Made(OperationKind.Set, 1, 4, "1", cas: 1), Made(OperationKind.Get, 2, 3, value: "1", cas: 1));
    }

    [Fact]
    public void A_stale_read_is_illegal()
    {
        MustBe(false, Made(OperationKind.Set, 1, 2, "1", cas: 1), Made(OperationKind.Get, 3, 4, outcome: Outcome.NotFound));
        MustBe(
            false,
            Made(OperationKind.Set, 1, 2, "1", cas: 1),
            Made(OperationKind.Set, 3, 4, "2", cas: 2),
            Made(OperationKind.Get, 5, 6, value: "1", cas: 1));
    }

    [Fact]
    public void Two_who_read_one_after_the_other_cannot_see_two_stores_the_other_way_round()
        => MustBe(
            false,
            Made(OperationKind.Set, 1, 2, "1", cas: 1),
            Made(OperationKind.Set, 3, 8, "2", cas: 2),
            Made(OperationKind.Get, 4, 5, value: "2", cas: 2),
            Made(OperationKind.Get, 6, 7, value: "1", cas: 1));

    [Fact]
    public void Of_two_who_add_or_delete_at_the_same_time_one_wins()
    {
        MustBe(false, Made(OperationKind.Add, 1, 3, "1", cas: 1), Made(OperationKind.Add, 2, 4, "2", cas: 2));
        MustBe(true, Made(OperationKind.Add, 1, 3, "1", cas: 1), Made(OperationKind.Add, 2, 4, "2", Outcome.NotStored));
        MustBe(
            false,
            Made(OperationKind.Set, 1, 2, "1", cas: 1),
            Made(OperationKind.Delete, 3, 5, value: "1", cas: 1),
            Made(OperationKind.Delete, 4, 6, value: "1", cas: 1));
    }

    [Fact]
    public void A_lost_update_is_illegal()
    {
        MustBe(
            false,
            Made(OperationKind.Set, 1, 2, "0", cas: 1),
            Made(OperationKind.Incr, 3, 5, "1", value: "1", cas: 2),
            Made(OperationKind.Incr, 4, 6, "1", value: "1", cas: 3));
        MustBe(
            false,
            Made(OperationKind.Set, 1, 2, "0", cas: 1),
            Made(OperationKind.Cas, 3, 5, "1", cas: 2, expected: 1),
            Made(OperationKind.Cas, 4, 6, "2", cas: 3, expected: 1));
        MustBe(
            false,
            Made(OperationKind.Set, 1, 2, "1", cas: 1),
            Made(OperationKind.Append, 3, 5, "2", cas: 2),
            Made(OperationKind.Append, 4, 6, "3", cas: 3),
            Made(OperationKind.Get, 7, 8, value: "13", cas: 3));
    }

    [Fact]
    public void What_was_refused_has_not_happened()
        => MustBe(false, Made(OperationKind.Set, 1, 2, "1", Outcome.Refused), Made(OperationKind.Get, 3, 4, value: "1"));
}
