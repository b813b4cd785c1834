using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class BlockStoreTests
{
    private const int ChunkPayload = SizeClasses.LargestBlock - BlockHeader.Size;

    /// <summary>The longest value that stands in one block with a key of this length.</summary>
    private static int LargestInline(int keyLength) => BlockStore.LargestInline - BlockHeader.Size - keyLength - BlockStore.CrLf;

    public static TheoryData<int, int> Boundaries
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (int keyLength in new[] { 1, 7, 8, 9, 40, LivenessTable.MaxKeyLength })
            {
                var lengths = new SortedSet<int> { 0, 1, 2 };
                foreach (int around in new[] { LargestInline(keyLength), ChunkPayload, 2 * ChunkPayload, 3 * ChunkPayload, 31 * ChunkPayload })
                {
                    // The CRLF takes two more, so that it may stand in a chunk of its own, or be divided between two.
                    lengths.UnionWith(Enumerable.Range(around - 4, 8));
                }

                foreach (int length in lengths)
                {
                    data.Add(keyLength, length);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void A_value_comes_back_as_it_was(int keyLength, int valueLength)
    {
        var table = new TestTable();
        string key = new('k', keyLength);
        byte[] value = TestTable.Pattern(valueLength);
        Assert.Equal(StoreResult.Stored, table.Set(key, value));
        Assert.Equal(value, table.GetBytes(key));
        Assert.Equal(valueLength > LargestInline(keyLength), table.Describe(key).Chunked);
    }

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void All_memory_of_a_value_comes_back(int keyLength, int valueLength)
    {
        var table = new TestTable();
        string key = new('k', keyLength);
        table.Set(key, TestTable.Pattern(valueLength));
        table.Delete(key);
        table.Settle();
        Assert.Equal(0, table.BlocksInUse);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(ChunkPayload - 1)]
    [InlineData(ChunkPayload)]
    [InlineData(ChunkPayload + 1)]
    public void A_value_may_come_in_pieces_of_any_size(int piece)
    {
        var table = new TestTable();
        byte[] value = TestTable.Pattern(100_000);
        byte[] line = [.. value, (byte)'\r', (byte)'\n'];
        using (EpochGuard guard = table.Table.Enter())
        {
            ItemWriter writer = table.Table.Writer;
            Assert.Equal(StoreResult.Stored, writer.TryBegin(guard, "k"u8, 0, long.MaxValue, value.Length, table.Now, out NewItem item));
            for (int at = 0; at < line.Length; at += piece)
            {
                Assert.Equal(line.Length - at, item.Remaining);
                Assert.Equal(StoreResult.Stored, writer.Append(guard, ref item, line.AsSpan(at, Math.Min(piece, line.Length - at)), table.Now));
            }

            Assert.Equal(0, item.Remaining);
            Assert.Equal(('\r' << 8) | '\n', item.Tail);
            writer.Commit(guard, ref item, StoreMode.Set, 0, -1, table.Now, out _);
        }

        Assert.Equal(value, table.GetBytes("k"));
    }

    [Theory]
    [InlineData("ab\r\n", '\r', '\n')]
    [InlineData("abcd", 'c', 'd')]
    [InlineData("a\r\nx", '\n', 'x')]
    public void The_tail_is_the_last_two_bytes_in_whatever_pieces(string bytes, char first, char second)
    {
        var table = new TestTable();
        for (int split = 0; split <= bytes.Length; split++)
        {
            using EpochGuard guard = table.Table.Enter();
            ItemWriter writer = table.Table.Writer;
            writer.TryBegin(guard, "k"u8, 0, long.MaxValue, 2, table.Now, out NewItem item);
            writer.Append(guard, ref item, TestTable.Bytes(bytes[..split]), table.Now);
            writer.Append(guard, ref item, TestTable.Bytes(bytes[split..]), table.Now);
            Assert.Equal((first << 8) | second, item.Tail);
            writer.Discard(ref item);
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void A_new_item_that_is_given_up_leaves_nothing_behind(int length)
    {
        var table = new TestTable();
        for (int written = 0; written < length; written += (length / 5) + 1)
        {
            using EpochGuard guard = table.Table.Enter();
            table.Table.Writer.TryBegin(guard, "k"u8, 0, long.MaxValue, length, table.Now, out NewItem item);
            table.Table.Writer.Append(guard, ref item, new byte[written], table.Now);
            table.Table.Writer.Discard(ref item);
            Assert.Equal(0ul, item.Block);
            table.Table.Writer.Discard(ref item);
        }

        Assert.Equal(0, table.BlocksInUse);
        Assert.Equal(LookupResult.Missing, table.Look("k"));
    }

    [Fact]
    public void A_chunked_item_that_is_touched_shares_its_chunks_until_both_versions_are_gone()
    {
        var table = new TestTable();
        byte[] value = TestTable.Pattern(100_000);
        table.Set("k", value);
        int blocks = table.BlocksInUse;
        for (int i = 1; i <= 10; i++)
        {
            Assert.Equal(LookupResult.Found, table.Touch("k", table.In(TimeSpan.FromSeconds(i))));
        }

        Assert.Equal(value, table.GetBytes("k"));
        table.Settle();
        Assert.Equal(blocks, table.BlocksInUse);
        Assert.Equal(value, table.GetBytes("k"));
        table.Delete("k");
        table.Settle();
        Assert.Equal(0, table.BlocksInUse);
    }
}
