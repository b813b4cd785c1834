using LivenessEngine.Table;
using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

public sealed unsafe class BlockChecksumTests
{
    private readonly Region _memory = new(SizeClasses.PageSize);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(0, 3, 30)]
    [InlineData(0, 250, 1000)]
    [InlineData(2, 17, 0)]
    [InlineData(1, 21, 100_000)]
    public void Every_immutable_bit_counts_and_no_other(int kind, byte keyLength, int valueLength)
    {
        BlockHeader* head = _memory.Array<BlockHeader>();
        new Random(1).NextBytes(new Span<byte>(head, 2048));
        head->Kind = (BlockKind)kind;
        head->KeyLength = keyLength;
        head->ValueLength = valueLength;
        int size = BlockStore.HeadSizeOf(head);
        uint checksum = BlockChecksum.Of(head);
        byte* bytes = (byte*)head;
        for (int at = 0; at < 2048; at++)
        {
            // What says how long it is leads to another sum of other bytes.
            if (at is (>= 36 and < 40) or 44 or 46)
            {
                continue;
            }

            bool isMutable = at is < 8 or (>= 28 and < 32) or 45 or 47 or (>= 48 and < 52) or 53 || at >= size;
            bytes[at] ^= 0x10;
            Assert.True(isMutable == (BlockChecksum.Of(head) == checksum), $"byte {at} of {size}");
            bytes[at] ^= 0x10;
        }
    }

    // The lanes must not undo each other's errors: the same bit, one, two or three words on.
    [Fact]
    public void Two_equal_errors_count()
    {
        BlockHeader* head = _memory.Array<BlockHeader>();
        new Random(1).NextBytes(new Span<byte>(head, 2048));
        head->Kind = BlockKind.Inline;
        head->KeyLength = 8;
        head->ValueLength = 1000;
        uint checksum = BlockChecksum.Of(head);
        byte* bytes = (byte*)head;
        for (int bit = BlockHeader.Size * 8; bit < (BlockHeader.Size + 256) * 8; bit++)
        {
            for (int other = bit + 32; other < bit + 1024; other += 32)
            {
                Flip(bytes, bit);
                Flip(bytes, other);
                Assert.True(BlockChecksum.Of(head) != checksum, $"bits {bit} and {other}");
                Flip(bytes, bit);
                Flip(bytes, other);
            }
        }
    }

    [Fact]
    public void A_chunk_belongs_to_its_version()
    {
        BlockHeader* chunk = _memory.Array<BlockHeader>();
        new Random(1).NextBytes(new Span<byte>(chunk, 4096));
        chunk->ValueLength = 3000;
        Assert.NotEqual(BlockChecksum.OfChunk(chunk, 1), BlockChecksum.OfChunk(chunk, 2));
        Assert.NotEqual(0u, BlockChecksum.OfChunk(chunk, 1));
    }

    private static void Flip(byte* bytes, int bit) => bytes[bit >> 3] ^= (byte)(1 << (bit & 7));
}
