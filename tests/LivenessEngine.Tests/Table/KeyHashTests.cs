using System.Runtime.Intrinsics.X86;
using System.Text;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

public sealed class KeyHashTests
{
    private const ulong Seed = 0x0123456789abcdef;

    public static TheoryData<string> Ways => [nameof(KeyHash.ByRounds), nameof(KeyHash.ByMultiplication)];

    private static Func<byte[], ulong, uint> Way(string name)
    {
        Assert.SkipUnless(name != nameof(KeyHash.ByRounds) || Aes.IsSupported, "the processor has no AES rounds");
        return name == nameof(KeyHash.ByRounds)
            ? static (key, seed) => KeyHash.ByRounds(key, seed)
            : static (key, seed) => (uint)KeyHash.ByMultiplication(key, seed);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_bit_of_a_key_of_every_length_counts(string name)
    {
        var hash = Way(name);
        for (int length = 1; length <= LivenessTable.MaxKeyLength; length++)
        {
            byte[] key = TestTable.Pattern(length);
            uint before = hash(key, Seed);
            for (int bit = 0; bit < length * 8; bit++)
            {
                key[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.True(hash(key, Seed) != before, $"bit {bit} of a key of {length} bytes does not count");
                key[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Only_the_bytes_of_the_key_count(string name)
    {
        var hash = Way(name);
        for (int length = 1; length <= LivenessTable.MaxKeyLength; length++)
        {
            byte[] key = TestTable.Pattern(length);
            byte[] one = [.. Enumerable.Repeat((byte)0xaa, 64), .. key, .. Enumerable.Repeat((byte)0xbb, 64)];
            byte[] other = [.. Enumerable.Repeat((byte)0x11, 64), .. key, .. Enumerable.Repeat((byte)0x22, 64)];
            Assert.Equal(hash(key, Seed), Hash(one));
            Assert.Equal(hash(key, Seed), Hash(other));

            uint Hash(byte[] surrounded) => name == nameof(KeyHash.ByRounds)
                ? KeyHash.ByRounds(surrounded.AsSpan(64, length), Seed)
                : (uint)KeyHash.ByMultiplication(surrounded.AsSpan(64, length), Seed);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_key_of_zeros_hashes_by_its_length(string name)
    {
        var hash = Way(name);
        var seen = new HashSet<uint>();
        for (int length = 1; length <= LivenessTable.MaxKeyLength; length++)
        {
            Assert.True(seen.Add(hash(new byte[length], Seed)), $"{length} zeros collide with fewer");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void The_seed_changes_every_hash(string name)
    {
        var hash = Way(name);
        int same = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] key = Encoding.ASCII.GetBytes($"compute:node-{i:D7}");
            same += hash(key, 1) == hash(key, 2) ? 1 : 0;
        }

        Assert.InRange(same, 0, 1);
    }

    public static TheoryData<string, string> RealisticKeys
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string name in Ways.Select(row => row.Data))
            {
                foreach (string form in new[] { "compute:node-{0:D7}", "{0}", "cell-{1:D2}/rack-{2:D3}:host{0:x}.example.org", "{0:D200}" })
                {
                    data.Add(name, form);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(RealisticKeys))]
    public void Realistic_keys_fill_the_buckets_like_chance(string name, string form)
    {
        // As many keys as buckets. Chance leaves 1/e of the buckets empty; a deviation of ten standard errors is a fault.
        const int buckets = 1 << 16;
        var hash = Way(name);
        int[] low = new int[buckets];
        int[] high = new int[buckets];
        for (int i = 0; i < buckets; i++)
        {
            byte[] key = Encoding.ASCII.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, i, i % 50, i % 999));
            uint h = hash(key, Seed);
            low[h % buckets]++;
            high[h >> 16]++;
        }

        double empty = buckets / Math.E;
        double tolerance = 10 * Math.Sqrt(buckets * (1 / Math.E) * (1 - (2 / Math.E)));
        Assert.InRange(low.Count(count => count == 0), empty - tolerance, empty + tolerance);
        Assert.InRange(high.Count(count => count == 0), empty - tolerance, empty + tolerance);
        Assert.InRange(low.Max(), 5, 12);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Keys_that_differ_in_any_two_bytes_have_hashes_of_their_own(string name)
    {
        // Two rounds of AES alone would send all 65,536 keys that differ in one diagonal of the block to 256 hashes.
        var hash = Way(name);
        byte[] key = TestTable.Pattern(16);
        var seen = new HashSet<uint>();
        for (int first = 0; first < 16; first++)
        {
            int second = (first + 5) % 16;
            seen.Clear();
            for (int i = 0; i < 65_536; i++)
            {
                key[first] = (byte)i;
                key[second] = (byte)(i >> 8);
                seen.Add(hash(key, Seed));
            }

            Assert.True(seen.Count > 65_500, $"bytes {first} and {second}: {seen.Count} hashes of 65,536 keys");
        }
    }

    [Fact]
    public void Both_ways_are_what_compute_may_choose()
    {
        byte[] key = "compute:node-0000001"u8.ToArray();
        uint expected = Aes.IsSupported ? KeyHash.ByRounds(key, Seed) : (uint)KeyHash.ByMultiplication(key, Seed);
        Assert.Equal(expected, KeyHash.Compute(key, Seed));
    }
}
