using System.Buffers.Binary;
using System.Globalization;
using LivenessEngine.Memcached.Tests.Nova;

namespace LivenessEngine.Fuzz.Coverage;

/// <summary>Every target, guided by coverage. <c>LIVENESS_FUZZ_KEEP=1</c> writes what was found to the corpus.</summary>
public sealed class GuidedFuzz
{
    private const double TextShare = 0.2;
    private const double BinaryShare = 0.05;
    private const int LongestKept = 600;

    [Fact]
    public Task Text_and_meta_requests_harm_nobody() => RunAsync("text", TextShare, new Guided("text", 250, Conversations.Next));

    [Fact]
    public Task Binary_requests_harm_nobody() => RunAsync("binary", BinaryShare, new Guided("binary", 250, BinaryConversations.Next));

    [Fact]
    public Task Values_that_may_be_heartbeats_harm_nobody() => RunAsync("heartbeat", 0, new Guided("heartbeat", 1000, Heartbeat));

    [Fact]
    public Task State_files_that_are_damaged_harm_nobody() => RunAsync("state", 0, new Guided("state", 20, Patches));

    private static async Task RunAsync(string name, double share, Guided fuzz)
    {
        InstrumentedCode.Prepare();
        await FuzzRun.RepeatAsync(name, share, fuzz.RoundAsync);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fuzz.Edges} edges, {fuzz.Kept} inputs kept"));
        if (Environment.GetEnvironmentVariable("LIVENESS_FUZZ_KEEP") == "1")
        {
            fuzz.WriteCorpus(LongestKept);
        }
    }

    private static byte[] Heartbeat(Random random)
    {
        byte[] value = GoldenPickles.All[random.Next(GoldenPickles.All.Length)].Value;
        if (random.Next(3) != 0)
        {
            return [1, .. value];
        }

        using var compressed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(compressed, System.IO.Compression.CompressionLevel.Fastest))
        {
            zlib.Write(value);
        }

        return [9, .. compressed.ToArray()];
    }

    private static byte[] Patches(Random random)
    {
        var patches = new List<byte>();
        for (int left = random.Next(1, 20); left > 0; left--)
        {
            byte[] patch = new byte[5 + random.Next(1, 9)];
            random.NextBytes(patch);
            BinaryPrimitives.WriteUInt32LittleEndian(patch, random.Next(30) == 0 ? uint.MaxValue - (uint)random.Next(65_536) : (uint)random.Next(1 << 20));
            patch[4] = (byte)(patch.Length - 5);
            patches.AddRange(patch);
        }

        return [.. patches];
    }
}
