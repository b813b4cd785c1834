using System.Globalization;
using System.Text;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table.State;

/// <summary>Whatever became of the file: no crash, no wrong value, and nothing passed over in silence.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int Items = 400;

    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string ValueOf(int item) => string.Create(CultureInfo.InvariantCulture, $"{item}:{new string((char)('a' + (item % 26)), item * 3)}");

    private void Fill()
    {
        TestTable table = _folder.Start();
        for (int i = 0; i < Items; i++)
        {
            table.Set($"k{i}", ValueOf(i));
        }

        table.Set("large", TestTable.Pattern(100_000));
        table.Table.Record(table.Now, default, 0);
        _folder.Kill();
    }

    private void Write(long at, params byte[] bytes)
    {
        using FileStream file = File.OpenWrite(_folder.Path);
        file.Position = at;
        file.Write(bytes);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("version")]
    [InlineData("head")]
    [InlineData("truncated")]
    [InlineData("running")]
    [InlineData("text")]
    public void A_file_that_is_damaged_as_a_whole_is_set_aside(string damage)
    {
        Fill();
        byte[] before = File.ReadAllBytes(_folder.Path);
        switch (damage)
        {
            case "garbage":
                Write(0, TestTable.Pattern(4096));
                break;
            case "version":
                Write(8, 99);
                break;
            case "head":
                Write(12, 0xFF);
                break;
            case "truncated":
                using (FileStream file = File.OpenWrite(_folder.Path))
                {
                    file.SetLength(file.Length / 2);
                }

                break;
            case "running":
                Write(1024, TestTable.Pattern(8192));
                break;
            default:
                File.WriteAllText(_folder.Path, "root:x:0:0:root:/root:/bin/bash\n");
                break;
        }

        byte[] damaged = File.ReadAllBytes(_folder.Path);
        TestTable table = _folder.Start();
        Assert.False(_folder.Restored.HasState);
        Assert.Equal(0, _folder.Restored.Items);
        string aside = Assert.Single(_folder.SetAside);
        Assert.Equal(aside, _folder.Restored.SetAside);
        Assert.EndsWith("state.damaged-20270115T080000Z", aside, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(aside));
        Assert.NotEqual(before, damaged);
        string warning = Assert.Single(_folder.Warnings);
        Assert.Contains(aside, warning, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', warning);
        table.Set("a", "1");
        table = _folder.Restart();
        Assert.Equal("1", table.Get("a"));
    }

    [Fact]
    public void A_second_damaged_file_does_not_take_the_place_of_the_first()
    {
        for (int i = 0; i < 2; i++)
        {
            File.WriteAllText(_folder.Path, $"nonsense {i}");
            _folder.Start();
            _folder.Kill();
        }

        Assert.Equal(2, _folder.SetAside.Count());
    }

    [Fact]
    public void An_empty_file_is_nothing_to_set_aside()
    {
        File.WriteAllBytes(_folder.Path, []);
        TestTable table = _folder.Start();
        table.Set("a", "1");
        Assert.Equal("1", _folder.Restart().Get("a"));
        Assert.Empty(_folder.SetAside);
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void A_value_with_a_flipped_bit_is_dropped_and_reported()
    {
        Fill();
        byte[] bytes = File.ReadAllBytes(_folder.Path);
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(ValueOf(7)));
        Write(at + 5, (byte)(bytes[at + 5] ^ 1));
        TestTable table = _folder.Start();
        Assert.Equal((Items, 1L), (_folder.Restored.Items, _folder.Restored.Dropped));
        Assert.Null(table.Get("k7"));
        Assert.Equal(ValueOf(8), table.Get("k8"));
        Assert.Contains("1 items or members", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chunk_with_a_flipped_bit_takes_its_item_with_it()
    {
        Fill();
        byte[] bytes = File.ReadAllBytes(_folder.Path);
        int at = bytes.AsSpan().IndexOf(TestTable.Pattern(100_000).AsSpan(50_000, 16));
        Write(at + 5, (byte)(bytes[at + 5] ^ 1));
        TestTable table = _folder.Start();
        Assert.Equal((Items, 1L), (_folder.Restored.Items, _folder.Restored.Dropped));
        Assert.Null(table.Get("large"));
        table.Set("large", TestTable.Pattern(100_000));
        Assert.Equal(TestTable.Pattern(100_000), _folder.Restart().GetBytes("large"));
    }

    [Fact]
    public void Bytes_flipped_anywhere_never_make_a_wrong_value()
    {
        Fill();
        byte[] sound = File.ReadAllBytes(_folder.Path);
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            byte[] bytes = [.. sound];
            for (int flips = random.Next(1, 400); flips > 0; flips--)
            {
                int at = random.Next(8) == 0 ? random.Next(bytes.Length) : AnyUsed(sound, random);
                bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(bytes[at] ^ (1 << random.Next(8)));
            }

            File.WriteAllBytes(_folder.Path, bytes);
            CheckWhatIsThere(_folder.Start(), seed);
            _folder.Kill();
            CheckWhatIsThere(_folder.Start(), seed);
            Assert.True(_folder.Restored.Dropped == 0 || _folder.Restored.SetAside is not null, $"seed {seed}: once is enough");
            _folder.Kill();
        }
    }

    // Most of the file is zeros.
    private static int AnyUsed(byte[] bytes, Random random)
    {
        while (true)
        {
            int at = random.Next(bytes.Length - 4096);
            int used = bytes.AsSpan(at, 4096).IndexOfAnyExcept((byte)0);
            if (used >= 0)
            {
                return at + used + random.Next(64);
            }
        }
    }

    private static void CheckWhatIsThere(TestTable table, int seed)
    {
        for (int i = 0; i < Items; i++)
        {
            string? value = table.Get($"k{i}");
            Assert.True(value is null || value == ValueOf(i), $"seed {seed}: k{i} is {value}");
        }

        byte[]? large = table.GetBytes("large");
        Assert.True(large is null || large.AsSpan().SequenceEqual(TestTable.Pattern(100_000)), $"seed {seed}: large");
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(StoreResult.Stored, table.Set($"new{i}", ValueOf(i)));
            Assert.Equal(ValueOf(i), table.Get($"new{i}"));
            table.Delete($"new{i}");
        }
    }
}
