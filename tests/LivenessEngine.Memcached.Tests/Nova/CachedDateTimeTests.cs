using System.Globalization;
using System.Text;
using CsCheck;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Nova;

public sealed class CachedDateTimeTests
{
    private const string Script = "LivenessEngine.Memcached.Tests/Nova/pickles.py";

    private static readonly Gen<(DateTime Time, double Ct)> Heartbeats = Gen.Select(
        Gen.Long[DateTime.MinValue.Ticks / 10, DateTime.MaxValue.Ticks / 10].Select(microseconds => new DateTime(microseconds * 10, DateTimeKind.Utc)),
        Gen.OneOf(Gen.Double[0, 4e9], Gen.Double[1.7e9, 1.8e9], Gen.Int[-5, 5].Select(number => (double)number)));

    [Fact]
    public async Task Python_reads_what_is_written_here()
    {
        await DebianPython.RequireAsync("dogpile.cache", "python3-dogpile.cache");
        (DateTime Time, double Ct)[] beats = Sample(500);
        string[] lines = await AskAsync("read", beats.Select(beat =>
        {
            var value = new byte[CachedDateTimeWriter.Length];
            CachedDateTimeWriter.Write(beat.Time, beat.Ct, value);
            return $"1 {Convert.ToHexString(value)}";
        }));
        Assert.Equal(beats.Length, lines.Length);
        for (int i = 0; i < beats.Length; i++)
        {
            string[] words = lines[i].Split(' ');
            Assert.Equal(IsoOf(beats[i].Time), words[0]);
            Assert.Equal(beats[i].Ct, double.Parse(words[1], CultureInfo.InvariantCulture));
            Assert.Equal("2", words[2]);
        }
    }

    [Fact]
    public async Task What_python_writes_is_read_here_by_every_protocol()
    {
        await DebianPython.RequireAsync("dogpile.cache", "python3-dogpile.cache");
        (DateTime Time, double Ct)[] beats = Sample(200);
        string[] lines = await AskAsync("write", beats.Select(beat => $"{IsoOf(beat.Time)} {beat.Ct:R}"));
        int ways = lines.Length / beats.Length;
        Assert.True(ways >= 36, $"{ways} ways to write it");
        for (int i = 0; i < lines.Length; i++)
        {
            (DateTime time, double ct) = beats[i / ways];
            string[] words = lines[i].Split(' ');
            byte[] value = Convert.FromHexString(words[2]);
            uint flags = uint.Parse(words[1], CultureInfo.InvariantCulture);
            Assert.True(
                CachedDateTimeReader.TryRead(value, flags, out CachedDateTime read),
                $"{words[0]} of {time:O}, {ct:R}: {CachedDateTimeReader.Describe(value, flags)}");
            Assert.Equal((time, ct, 2), (read.Payload, read.CreationTime, read.Version));
            CheckPlace(value, flags, read);
        }
    }

    [Fact]
    public async Task What_is_written_here_is_what_python_writes()
    {
        await DebianPython.RequireAsync("dogpile.cache", "python3-dogpile.cache");
        var time = new DateTime(2026, 7, 1, 12, 34, 56, 123, 456, DateTimeKind.Utc);
        string[] lines = await AskAsync("write", [$"{IsoOf(time)} 1782909296.123456"]);
        var value = new byte[CachedDateTimeWriter.Length];
        CachedDateTimeWriter.Write(time, 1782909296.123456, value);
        Assert.Contains($"4 1 {Convert.ToHexStringLower(value)}", lines);
    }

    [Fact]
    public void Every_golden_value_is_read()
    {
        foreach ((string name, byte[] value) in GoldenPickles.All)
        {
            Assert.True(CachedDateTimeReader.TryRead(value, 1, out CachedDateTime read), $"{name}: {CachedDateTimeReader.Describe(value, 1)}");
            Assert.Equal(GoldenPickles.Time, read.Payload);
            Assert.Equal(GoldenPickles.CreationTime, read.CreationTime);
            Assert.InRange(read.Version, 1, 2);
            CheckPlace(value, 1, read);
        }
    }

    [Fact]
    public async Task Python_reads_the_golden_values_alike()
    {
        await DebianPython.RequireAsync("dogpile.cache", "python3-dogpile.cache");
        string[] lines = await AskAsync("read", GoldenPickles.All.Select(golden => $"1 {Convert.ToHexString(golden.Value)}"));
        Assert.All(lines, line => Assert.StartsWith("2026-07-01T12:34:56.123456 1782909296.123456 ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        foreach ((_, byte[] value) in GoldenPickles.All)
        {
            CachedDateTimeReader.TryRead(value, 1, out _);
        }

        byte[] other = [0x80, 4, (byte)'K', 1, (byte)'.'];
        CachedDateTimeReader.TryRead(other, 1, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach ((_, byte[] value) in GoldenPickles.All)
        {
            CachedDateTimeReader.TryRead(value, 1, out _);
            CachedDateTimeReader.TryRead(other, 1, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // The place is that of ct, and another time written there is read.
    private static void CheckPlace(byte[] value, uint flags, CachedDateTime read)
    {
        if ((flags & CachedDateTime.CompressedFlag) != 0)
        {
            Assert.Equal(default, read.Place);
            return;
        }

        byte[] changed = [.. value];
        Span<byte> place = changed.AsSpan(read.Place.Offset, read.Place.Length);
        double expected = 7;
        if (read.Place.Form == CreationTimeForm.Double)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteDoubleBigEndian(place, expected);
        }
        else
        {
            Assert.Equal(read.CreationTime, double.Parse(Encoding.ASCII.GetString(place), CultureInfo.InvariantCulture));
            place.Fill((byte)'0');
            place[^1] = (byte)'7';
        }

        Assert.True(CachedDateTimeReader.TryRead(changed, flags, out CachedDateTime again));
        Assert.Equal((read.Payload, expected, read.Place), (again.Payload, again.CreationTime, again.Place));
    }

    private static (DateTime Time, double Ct)[] Sample(int count)
        => [.. Heartbeats.Array[count].Single(), (DateTime.MinValue, 0), (new DateTime(9999, 12, 31, 23, 59, 59, 999, 999), 1e-300), (new DateTime(2026, 12, 10, 10, 13, 39, 92), 34)];

    private static string IsoOf(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    private static async Task<string[]> AskAsync(string verb, IEnumerable<string> lines)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(folder["lines"], lines, TestContext.Current.CancellationToken);
        return await DebianPython.RunAsync(Script, verb, folder["lines"]);
    }
}
