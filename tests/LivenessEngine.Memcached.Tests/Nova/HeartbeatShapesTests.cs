using CsCheck;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Nova;

public sealed class HeartbeatShapesTests
{
    [Fact]
    public void Reads_what_the_reader_reads_however_a_heartbeat_is_spoiled()
    {
        var shapes = new HeartbeatShapes();
        foreach ((_, byte[] value) in GoldenPickles.All)
        {
            Assert.True(shapes.TryRead(value, 1, out _));
        }

        int read = 0;
        Gen<(int At, byte Value)[]> changes = Gen.Select(Gen.Int[0, 300], Gen.Byte).Array[1, 3];
        Gen.Select(Gen.Int[0, GoldenPickles.All.Length - 1], changes, Gen.Int[-2, 2]).Sample(
            (golden, changes, longer) =>
            {
                byte[] value = [.. GoldenPickles.All[golden].Value];
                foreach ((int at, byte changed) in changes)
                {
                    value[at % value.Length] = changed;
                }

                value = longer < 0 ? value[..^-longer] : [.. value, .. new byte[longer]];
                bool expected = CachedDateTimeReader.TryRead(value, 1, out CachedDateTime slow);
                Assert.Equal(expected, shapes.TryRead(value, 1, out CachedDateTime fast));
                Assert.Equal(slow, fast);
                read += expected ? 1 : 0;
            },
            iter: 20_000,
            threads: 1);
        Assert.NotEqual(0, read);
    }

    [Fact]
    public async Task Reads_what_python_writes_alike()
    {
        await DebianPython.RequireAsync("dogpile.cache", "python3-dogpile.cache");
        using var folder = new TemporaryFolder();
        string[] beats = [.. Enumerable.Range(0, 60).Select(i => $"2026-{1 + (i % 12):D2}-{1 + (i % 28):D2}T12:{i:D2}:{i:D2}.{i * 15_731:D6} {1782909296.5 + (i * 0.37):R}")];
        await File.WriteAllLinesAsync(folder["lines"], beats, TestContext.Current.CancellationToken);
        string[] lines = await DebianPython.RunAsync("LivenessEngine.Memcached.Tests/Nova/pickles.py", "write", folder["lines"]);
        var shapes = new HeartbeatShapes();
        foreach (string[] words in lines.Select(line => line.Split(' ')))
        {
            byte[] value = Convert.FromHexString(words[2]);
            uint flags = words[1] == "9" ? 9u : 1u;
            Assert.True(CachedDateTimeReader.TryRead(value, flags, out CachedDateTime slow));
            Assert.True(shapes.TryRead(value, flags, out CachedDateTime fast));
            Assert.Equal(slow, fast);
        }
    }
}
