using System.Text;
using CsCheck;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

/// <summary>The index by itself, under hashes that a test chooses.</summary>
public sealed unsafe class HashIndexTests : HashIndex.IRetire
{
    private readonly BlockStore _store = new(64, 64);
    private readonly List<ulong> _retired = [];
    private readonly HashIndex _index;

    public HashIndexTests() => _index = new HashIndex(_store.Base, 1 << 14, this, null);

    public static TheoryData<uint> AwkwardHashes => [0, 1, 4095, 4096, 0x80000000, 0x7fffffff, uint.MaxValue];

    void HashIndex.IRetire.Retire(in EpochGuard guard, ulong block) => _retired.Add(block);

    private ulong NewBlock(string key, uint hash)
    {
        ulong block = _store.Slabs.Allocate(0, SizeClasses.ClassOf(BlockHeader.Size + key.Length), overdraft: false);
        _store.BeginBare(block, Encoding.ASCII.GetBytes(key), hash);
        return block;
    }

    private ulong Insert(string key, uint hash)
    {
        using EpochGuard guard = Epoch.Enter(this);
        ulong block = NewBlock(key, hash);
        Assert.False(_index.Find(guard, hash, Encoding.ASCII.GetBytes(key), out HashIndex.Position position));
        Assert.True(_index.TryInsert(position, _store.At(block)));
        return block;
    }

    private ulong Replace(string key, uint hash)
    {
        using EpochGuard guard = Epoch.Enter(this);
        ulong block = NewBlock(key, hash);
        Assert.True(_index.Find(guard, hash, Encoding.ASCII.GetBytes(key), out HashIndex.Position position));
        Assert.True(_index.TryReplace(guard, position, _store.At(block)));
        return block;
    }

    private bool Remove(string key, uint hash)
    {
        using EpochGuard guard = Epoch.Enter(this);
        return _index.Find(guard, hash, Encoding.ASCII.GetBytes(key), out HashIndex.Position position)
            && _index.TryRemove(guard, position);
    }

    /// <summary>The offset of the key's block, 0 for none.</summary>
    private ulong Lookup(string key, uint hash)
    {
        using EpochGuard guard = Epoch.Enter(this);
        BlockHeader* block = _index.Lookup(guard, hash, Encoding.ASCII.GetBytes(key));
        return block == null ? 0 : _store.OffsetOf(block);
    }

    private List<ulong> AllWith(uint hash)
    {
        var blocks = new List<ulong>();
        using EpochGuard guard = Epoch.Enter(this);
        for (BlockHeader* block = null; (block = _index.NextWith(guard, hash, block)) != null;)
        {
            blocks.Add(_store.OffsetOf(block));
        }

        return blocks;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3000)]
    [InlineData(9000)]
    public void An_index_filled_with_blocks_finds_each_and_takes_more(int count)
    {
        var random = new Random(count);
        (string Key, uint Hash)[] keys = [.. Enumerable.Range(0, count).Select(i => ($"key{i}", (uint)random.NextInt64(1L << 32)))];
        _index.Fill([.. keys.OrderBy(key => Link.OrderOf(key.Hash)).Select(key => NewBlock(key.Key, key.Hash))]);
        Insert("more", 12345);
        Insert("most", uint.MaxValue);
        using EpochGuard guard = Epoch.Enter(this);
        foreach ((string key, uint hash) in keys.Append(("more", 12345u)).Append(("most", uint.MaxValue)))
        {
            byte[] bytes = Encoding.ASCII.GetBytes(key);
            Assert.True(_index.Lookup(guard, hash, bytes) != null, key);
            Assert.True(_index.Find(guard, hash, bytes, out HashIndex.Position position));
            Assert.True(_index.TryRemove(guard, position));
            Assert.True(_index.Lookup(guard, hash, bytes) == null, key);
        }
    }

    [Theory]
    [MemberData(nameof(AwkwardHashes))]
    public void A_block_is_found_until_it_is_removed(uint hash)
    {
        Assert.Equal(0ul, Lookup("k", hash));
        ulong block = Insert("k", hash);
        Assert.Equal(block, Lookup("k", hash));
        Assert.Equal(0ul, Lookup("x", hash));
        Assert.Equal(0ul, Lookup("k", hash ^ 0x10000));
        Assert.True(Remove("k", hash));
        Assert.Equal(0ul, Lookup("k", hash));
        Assert.Equal([block], _retired);
    }

    [Theory]
    [MemberData(nameof(AwkwardHashes))]
    public void Keys_of_one_hash_are_told_apart(uint hash)
    {
        const int keys = 300;
        ulong[] blocks = [.. Enumerable.Range(0, keys).Select(i => Insert($"key{i}", hash))];
        for (int i = 0; i < keys; i += 3)
        {
            Assert.True(Remove($"key{i}", hash));
        }

        for (int i = 1; i < keys; i += 3)
        {
            blocks[i] = Replace($"key{i}", hash);
        }

        for (int i = 0; i < keys; i++)
        {
            Assert.Equal(i % 3 == 0 ? 0 : blocks[i], Lookup($"key{i}", hash));
        }

        Assert.Equal(blocks.Where((_, i) => i % 3 != 0).Order(), AllWith(hash).Order());
    }

    [Fact]
    public void Keys_whose_hashes_differ_only_above_the_bucket_number_are_told_apart()
    {
        ulong[] blocks = [.. Enumerable.Range(0, 500).Select(i => Insert($"key{i}", ((uint)i << 20) | 77))];
        for (int i = 0; i < blocks.Length; i++)
        {
            Assert.Equal(blocks[i], Lookup($"key{i}", ((uint)i << 20) | 77));
            Assert.Equal([blocks[i]], AllWith(((uint)i << 20) | 77));
        }
    }

    [Fact]
    public void A_replaced_block_is_retired_once()
    {
        ulong first = Insert("k", 9);
        ulong second = Replace("k", 9);
        Assert.Equal(second, Lookup("k", 9));
        Assert.Equal([first], _retired);
        Assert.Equal([second], AllWith(9));
    }

    [Fact]
    public void A_position_is_good_for_one_change()
    {
        using EpochGuard guard = Epoch.Enter(this);
        _index.Find(guard, 9, "k"u8, out HashIndex.Position gap);
        Assert.True(_index.TryInsert(gap, _store.At(NewBlock("k", 9))));
        Assert.False(_index.TryInsert(gap, _store.At(NewBlock("k", 9))));

        _index.Find(guard, 9, "k"u8, out HashIndex.Position present);
        Assert.True(_index.TryReplace(guard, present, _store.At(NewBlock("k", 9))));
        Assert.False(_index.TryReplace(guard, present, _store.At(NewBlock("k", 9))));
        Assert.False(_index.TryRemove(guard, present));

        _index.Find(guard, 9, "k"u8, out present);
        Assert.True(_index.TryRemove(guard, present));
        Assert.False(_index.TryRemove(guard, present));
    }

    [Fact]
    public void A_block_is_found_by_itself_only_while_it_is_live()
    {
        ulong first = Insert("a", 9);
        ulong second = Insert("b", 9);
        using (EpochGuard guard = Epoch.Enter(this))
        {
            Assert.True(_index.FindBlock(guard, _store.At(second), out HashIndex.Position position));
            Assert.True(position.Block == _store.At(second));
            Assert.True(HashIndex.IsLive(position.Block));
        }

        Remove("a", 9);
        using (EpochGuard guard = Epoch.Enter(this))
        {
            Assert.False(_index.FindBlock(guard, _store.At(first), out _));
            Assert.False(HashIndex.IsLive(_store.At(first)));
            Assert.False(_index.FindBlock(guard, _store.At(NewBlock("c", 9)), out _));
        }
    }

    [Fact]
    public void A_reader_on_a_block_that_goes_finds_its_way_to_the_next()
    {
        ulong first = Insert("a", 9);
        ulong second = Insert("b", 9);
        using EpochGuard guard = Epoch.Enter(this);
        BlockHeader* at = _index.NextWith(guard, 9, null);
        Assert.Equal(first, _store.OffsetOf(at));
        _index.Find(guard, 9, "a"u8, out HashIndex.Position position);
        _index.TryRemove(guard, position);
        Assert.Equal(second, _store.OffsetOf(_index.NextWith(guard, 9, at)));
    }

    [Fact]
    public void Doubling_loses_nothing_whichever_buckets_were_linked_before()
    {
        var random = new Random(5);
        var blocks = new Dictionary<uint, ulong>();
        for (int log2 = 12; log2 < 15; log2++)
        {
            Assert.Equal(log2, _index.BucketsLog2);
            for (int i = 0; i < 1000; i++)
            {
                uint hash = (uint)random.NextInt64(1L << 32);
                blocks[hash] = Insert($"{hash}", hash);
            }

            _index.GrowIfFull(3L << (log2 - 2));
            Assert.Equal(log2, _index.BucketsLog2);
            _index.GrowIfFull((3L << (log2 - 2)) + 1);
            foreach ((uint hash, ulong block) in blocks)
            {
                Assert.Equal(block, Lookup($"{hash}", hash));
                Assert.Equal(0ul, Lookup($"{hash}", hash + 1));
            }
        }
    }

    [Fact]
    public void It_grows_to_one_bucket_a_block_and_no_further()
    {
        for (int i = 0; i < 20; i++)
        {
            _index.GrowIfFull(long.MaxValue);
        }

        Assert.Equal(15, _index.BucketsLog2);
        ulong block = Insert("k", 0x7fff);
        Assert.Equal(block, Lookup("k", 0x7fff));
    }

    [Fact]
    public void It_behaves_as_a_dictionary_does_whatever_the_hashes()
    {
        // Few keys, fewer hashes; the operations in any order, with the buckets doubling in between.
        var genOperation = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30]);
        Gen.Select(genOperation.Array[1, 300], Gen.OneOf(Gen.Const(1u), Gen.Const(4096u), Gen.Const(0x80000001), Gen.UInt)).Sample(
            (operations, spread) =>
            {
                var test = new HashIndexTests();
                var model = new Dictionary<string, ulong>();
                foreach ((int operation, int number) in operations)
                {
                    string key = $"k{number}";
                    uint hash = (uint)(number % 7) * spread;
                    switch (operation)
                    {
                        case 0:
                            Assert.Equal(model.Remove(key), test.Remove(key, hash));
                            break;
                        case 1 when model.ContainsKey(key):
                            model[key] = test.Replace(key, hash);
                            break;
                        case 1:
                            model[key] = test.Insert(key, hash);
                            break;
                        case 2:
                            Assert.Equal(model.GetValueOrDefault(key), test.Lookup(key, hash));
                            break;
                        default:
                            test._index.GrowIfFull(1 << (10 + (number / 4)));
                            break;
                    }

                }

                Assert.Equal(test._retired.Count, test._retired.Distinct().Count());
                Assert.DoesNotContain(test._retired, model.ContainsValue);
            },
            iter: 200,
            threads: 1);
    }
}
