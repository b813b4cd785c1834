using System.Buffers;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Tests.Protocol;

public sealed class ReplyWriterTests
{
    [Fact]
    public void What_was_written_comes_out_when_it_is_complete()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ReplyWriter(output);
        writer.Write("a "u8);
        writer.Write(ulong.MaxValue);
        writer.Write((byte)' ');
        writer.Write(long.MinValue);
        writer.Write(" é");
        writer.WriteLine("!");

        Assert.Equal(0, output.WrittenCount);
        writer.Complete();

        Assert.Equal("a 18446744073709551615 -9223372036854775808 \u00c3\u00a9!\r\n", Bytes.ToText(output.WrittenSpan));
    }

    [Fact]
    public void Nothing_is_lost_or_added_wherever_the_memory_ends()
    {
        for (int before = 0; before < 300; before++)
        {
            var output = new ExactMemory();
            var writer = new ReplyWriter(output);
            string expected = new('x', before);
            writer.Write(Bytes.Of(expected));
            for (int i = 0; i < 400; i++)
            {
                writer.Write("STAT "u8);
                writer.Write($"name{i}");
                writer.Write((byte)' ');
                writer.Write((long)i * i * i * i);
                writer.Write((ulong)i);
                writer.WriteLine("é");
                expected += $"STAT name{i} {(long)i * i * i * i}{i}\u00c3\u00a9\r\n";
            }

            Assert.Equal(expected.Length, writer.Total);
            writer.Complete();

            Assert.Equal(expected.Length, writer.Written);
            Assert.Equal(expected, Bytes.ToText(output.Written));
        }
    }

    [Fact]
    public void Room_that_was_taken_counts_by_what_was_put_there()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ReplyWriter(output);
        "ab"u8.CopyTo(writer.Take(100));
        writer.Advance(2);
        writer.Write("c"u8);
        writer.Complete();

        Assert.Equal("abc", Bytes.ToText(output.WrittenSpan));
    }

    [Fact]
    public void A_writer_that_wrote_nothing_asks_for_no_memory()
    {
        var output = new ExactMemory();
        var writer = new ReplyWriter(output);
        writer.Complete();

        Assert.Equal(0, output.Asked);
        Assert.Equal(0, writer.Written);
    }

    [Fact]
    public void A_writer_goes_on_after_it_was_completed()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ReplyWriter(output);
        writer.Write("a"u8);
        writer.Complete();
        writer.Write("b"u8);
        writer.Complete();
        writer.Complete();

        Assert.Equal("ab", Bytes.ToText(output.WrittenSpan));
        Assert.Equal(2, writer.Written);
    }

    // Memory in pieces of just what was asked for, full of what somebody else left there.
    private sealed class ExactMemory : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _piece = [];
        private int _used;

        public int Asked { get; private set; }

        public ReadOnlySpan<byte> Written => _written.ToArray();

        public void Advance(int count)
        {
            _written.AddRange(_piece.AsSpan(_used, count));
            _used += count;
        }

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Asked++;
            _piece = new byte[sizeHint];
            _piece.AsSpan().Fill((byte)'#');
            _used = 0;
            return _piece;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
