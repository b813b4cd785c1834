using System.Text;
using CsCheck;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Memcached.Tests.Nova;

/// <summary>What is no heartbeat: refused, said what it is, and nothing of it done.</summary>
public sealed class ForeignPickleTests
{
    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "names 'os system'")]
    [InlineData("cposix\nsystem\n(S'true'\ntR.", "names 'posix system'")]
    [InlineData("c__builtin__\neval\n(S'1'\ntR.", "names '__builtin__ eval'")]
    [InlineData("\u0080\u0004\u008c\u0008" + "builtins\u008c\u0004" + "exec\u0093.", "names 'builtins'")]
    [InlineData("(ios\nsystem\n.", "opcode")]
    [InlineData("\u0080\u0002K\u0001.", "no CachedValue")]
    [InlineData("S'up'\n.", "no CachedValue")]
    [InlineData("\u0080\u0006K\u0001.", "protocol above 5")]
    [InlineData("]q\u0001.", "opcode")]
    [InlineData("", "the end of the value")]
    [InlineData(".", "no CachedValue")]
    [InlineData("((((((((((((((((((((((((((((((((((((((((", "nested too deep")]
    [InlineData("0", "takes what it did not put")]
    [InlineData("h\u0001.", "did not remember")]
    [InlineData("K\u0001q\u00ff.", "remembers too much")]
    [InlineData("t.", "did not begin")]
    [InlineData("u.", "did not begin")]
    [InlineData("Fabc\n.", "a number that is none")]
    [InlineData("S'abc\n.", "without quotes")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff.", "the end of the value")]
    [InlineData("X\u00ff\u00ff\u00ff\u007f.", "the end of the value")]
    [InlineData("cdatetime\ndatetime\nU\u0009" + "123456789\u0085R.", "a datetime that is none")]
    [InlineData("cdatetime\ndatetime\nU\u000a\u0007\u00ea\u000d\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0085R.", "a datetime that is none")]
    [InlineData("cdatetime\ndatetime\nU\u000a\u0007\u00ea\u0002\u001e\u0000\u0000\u0000\u0000\u0000\u0000\u0085R.", "a datetime that is none")]
    [InlineData("cdatetime\ndatetime\nU\u000a\u0007\u00ea\u0002\u0001\u0018\u0000\u0000\u0000\u0000\u0000\u0085R.", "a datetime that is none")]
    [InlineData("cdatetime\ndatetime\n)R.", "a call that no heartbeat has, of 'datetime datetime'")]
    [InlineData("cdatetime\ndate\nU\u0004\u0007\u00ea\u0002\u0001\u0085R.", "names 'datetime date'")]
    [InlineData("cdogpile.cache.api\nCachedValue\nK\u0001}\u0086R.", "other things")]
    [InlineData("ccopy_reg\n_reconstructor\nK\u0001K\u0005)\u0087R.", "a call that no heartbeat has")]
    public void Of_another_shape(string pickle, string found)
    {
        byte[] value = Encoding.Latin1.GetBytes(pickle);
        Assert.False(CachedDateTimeReader.TryRead(value, 1, out _));
        Assert.Contains(found, CachedDateTimeReader.Describe(value, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(dU\u0002ctGA\u00da\u0091B\\\x07\u00e6\u00b4s", "without ct or v")]
    [InlineData("(dU\u0001vK\u0002s", "without ct or v")]
    [InlineData("(dU\u0002ctK\u0002sU\u0001vK\u0002s", "without ct or v")]
    [InlineData("(dU\u0002ctG\u007f\u00f0\0\0\0\0\0\0sU\u0001vK\u0002s", "a ct that is no time")]
    [InlineData("(dU\u0002ctG\u007f\u00f8\0\0\0\0\0\0sU\u0001vK\u0002s", "a ct that is no time")]
    [InlineData("(dU\u0002ctGA\u00da\u0091B\\\x07\u00e6\u00b4sU\u0001vK\u0002sU\u0001xK\u0002s", "metadata besides ct and v 'x'")]
    [InlineData("]", "opcode")]
    [InlineData("N", "opcode")]
    public void A_heartbeat_with_other_metadata(string metadata, string found)
    {
        byte[] value = Encoding.Latin1.GetBytes(
            "cdogpile.cache.api\nCachedValue\ncdatetime\ndatetime\nU\u000a\u0007\u00ea\u0007\u0001\u000c\"8\u0001\u00e2@\u0085R" + metadata + "\u0086R.");
        Assert.False(CachedDateTimeReader.TryRead(value, 1, out _));
        Assert.Contains(found, CachedDateTimeReader.Describe(value, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, "no pickle: flags 0")]
    [InlineData(16u, "no pickle: flags 16")]
    [InlineData(9u, "compressed data that is broken")]
    public void By_its_flags(uint flags, string found)
    {
        byte[] value = GoldenPickles.All[0].Value;
        Assert.False(CachedDateTimeReader.TryRead(value, flags, out _));
        Assert.Contains(found, CachedDateTimeReader.Describe(value, flags), StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_data_that_asks_for_a_dictionary_is_broken()
    {
        byte[] value = [0x78, 0x7D, (byte)'r', (byte)'K', 0x8F, (byte)'^'];
        Assert.False(CachedDateTimeReader.TryRead(value, 9, out _));
        Assert.Contains("broken or too long", CachedDateTimeReader.Describe(value, 9), StringComparison.Ordinal);
    }

    [Fact]
    public void Something_long_is_not_looked_at()
    {
        Assert.Contains("1048576 bytes", CachedDateTimeReader.Describe(new byte[1 << 20], 1), StringComparison.Ordinal);

        // Nor does something short become long.
        var inflated = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(inflated, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[1 << 20]);
        }

        Assert.True(inflated.Length < CachedDateTimeReader.LongestValue);
        Assert.Contains("broken or too long", CachedDateTimeReader.Describe(inflated.ToArray(), 9), StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_off_anywhere_is_refused()
    {
        foreach ((string name, byte[] value) in GoldenPickles.All)
        {
            for (int length = 0; length < value.Length; length++)
            {
                Assert.False(CachedDateTimeReader.TryRead(value.AsSpan(0, length), 1, out _), $"{name}: {length} bytes");
                Assert.NotNull(CachedDateTimeReader.Describe(value.AsSpan(0, length), 1));
            }

            Assert.Contains("more after the end", CachedDateTimeReader.Describe([.. value, 0], 1), StringComparison.Ordinal);
        }
    }

    // Whatever is changed: read or refused, and no exception.
    [Fact]
    public void Broken_anywhere_does_no_harm()
        => Gen.Select(Gen.Int[0, GoldenPickles.All.Length - 1], Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 6])
            .Sample(
                (golden, changes) =>
                {
                    byte[] value = [.. GoldenPickles.All[golden].Value];
                    foreach ((int place, byte change) in changes)
                    {
                        value[place % value.Length] = change;
                    }

                    bool read = CachedDateTimeReader.TryRead(value, 1, out CachedDateTime cached);
                    Assert.Equal(read, CachedDateTimeReader.Describe(value, 1) is null);
                    Assert.True(!read || (cached.Place.Offset + cached.Place.Length <= value.Length && double.IsFinite(cached.CreationTime)));
                },
                iter: 200_000);
}
