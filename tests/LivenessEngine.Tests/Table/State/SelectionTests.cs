using LivenessEngine.Table;
using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

/// <summary>A process that was killed between two steps of a publication; here by hand.</summary>
public sealed unsafe class SelectionTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static BlockHeader* BlockOf(TestTable table, string key)
    {
        using EpochGuard guard = table.Table.Enter();
        TableCore core = table.Table.Core;
        return core.Index.Lookup(guard, core.HashOf(TestTable.Bytes(key)), TestTable.Bytes(key));
    }

    /// <summary>A copy of an item that was filled and is not in the index.</summary>
    private static BlockHeader* Copy(TestTable table, string key, long deadline, Publication publication)
    {
        TableCore core = table.Table.Core;
        BlockHeader* original = BlockOf(table, key);
        using EpochGuard guard = table.Table.Enter();
        ulong block = core.Store.Slabs.Allocate(guard.Slot, SizeClasses.ClassOf(BlockStore.HeadSizeOf(original)), overdraft: false);
        core.Store.Copy(original, block);
        BlockHeader* copy = core.Store.At(block);
        copy->Cas = original->Cas + 1;
        copy->Deadline = deadline;
        copy->Next = 0;
        core.Store.Seal(copy, publication);
        copy->State = BlockState.Published;
        return copy;
    }

    [Fact]
    public void A_replacement_that_was_not_made_is_forgotten()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        table.Set("gone", "1");
        Copy(table, "a", table.In(TimeSpan.FromHours(1)), Publication.Replacing);
        Copy(table, "gone", table.In(TimeSpan.FromHours(1)), Publication.Replacing);
        table.Delete("gone");
        table = _folder.Restart();
        Assert.Equal(BlockHeader.Never, table.Describe("a").Deadline);
        Assert.Null(table.Get("gone"));
        Assert.Equal((1L, 0L), (_folder.Restored.Items, _folder.Restored.Dropped));
        Assert.Equal(1, table.BlocksInUse);
    }

    [Fact]
    public void A_replacement_that_was_made_stands_though_nobody_was_told()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        BlockHeader* old = BlockOf(table, "a");
        BlockHeader* copy = Copy(table, "a", table.In(TimeSpan.FromHours(1)), Publication.Replacing);
        old->Next = table.Table.Core.Store.OffsetOf(copy) | Link.Mark;
        long deadline = copy->Deadline;
        for (int i = 0; i < 2; i++)
        {
            table = _folder.Restart();
            Assert.Equal((1L, deadline), (_folder.Restored.Items, table.Describe("a").Deadline));
        }
    }

    [Fact]
    public void An_insertion_counts_unless_another_was_first()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        table.Set("b", "1");
        Copy(table, "a", table.In(TimeSpan.FromHours(1)), Publication.Inserting);
        Copy(table, "b", table.In(TimeSpan.FromHours(1)), Publication.Inserting);
        table.Delete("b");
        table = _folder.Restart();
        Assert.Equal(BlockHeader.Never, table.Describe("a").Deadline);
        Assert.NotEqual(BlockHeader.Never, table.Describe("b").Deadline);
    }

    [Fact]
    public void Of_two_that_both_were_there_the_newer_is()
    {
        TestTable table = _folder.Start();
        table.Set("a", "1");
        long deadline = table.In(TimeSpan.FromHours(1));
        Copy(table, "a", deadline, Publication.Done);
        table = _folder.Restart();
        Assert.Equal((1L, deadline), (_folder.Restored.Items, table.Describe("a").Deadline));
    }

    [Fact]
    public void A_row_is_one_members_and_its_group_is_known()
    {
        TestTable table = _folder.Start();
        _folder.File!.Image.Groups.Write(0, "compute"u8);
        table.Set("compute:a", "1", group: 0);
        table.Join("compute:bare");
        table.Set("compute:lost", "1", group: 1);
        BlockHeader* other = BlockOf(table, "compute:bare");
        other->Member = table.RowOf("compute:a");
        other->Checksum = BlockChecksum.Of(other);
        table = _folder.Restart();
        Assert.Equal((1L, 2L), (_folder.Restored.Members, _folder.Restored.Dropped));
        Assert.Equal((2L, "1"), (_folder.Restored.Items, table.Get("compute:lost")));
        Assert.Equal(0, table.RowOf("compute:lost"));
        int again = table.Join("compute:lost");
        Assert.NotEqual(0, again);
        Assert.Equal(again, table.RowOf("compute:lost"));
        Assert.Equal(2, _folder.Restart().Columns.CountUp(0));
    }

    [Fact]
    public void A_heartbeat_whose_member_is_lost_is_an_item_like_any_other()
    {
        TestTable table = _folder.Start();
        table.Set("compute:lost", "1", group: 1);
        BlockHeader* block = BlockOf(table, "compute:lost");
        block->Heartbeat = 1;
        block->Checksum = BlockChecksum.Of(block);
        for (int i = 0; i < 2; i++)
        {
            table = _folder.Restart();
            Assert.Equal((1L, 0L, 1L - i), (_folder.Restored.Items, _folder.Restored.Members, _folder.Restored.Dropped));
            Assert.Equal("1", table.Get("compute:lost"));
            Assert.Equal(0, BlockOf(table, "compute:lost")->Heartbeat);
        }
    }
}
