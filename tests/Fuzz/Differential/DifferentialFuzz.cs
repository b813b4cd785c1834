using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Random sequences to us and to the real memcached: the replies are the same.</summary>
public sealed class DifferentialFuzz
{
    // Of the requests that a long run asks for.
    private const double ValidShare = 0.1;
    private const double SpoiledShare = 0.35;
    private const int Batch = 64;
    private const int Tries = 3;

    private long _keys;

    [Fact]
    public async Task Valid_sequences_are_answered_as_memcached_answers_them()
        => await RunAsync("valid sequences", ValidShare, (random, prefix) => CommonGround.Of(new SequenceGenerator(random, prefix).Next()));

    [Fact]
    public async Task Spoiled_sequences_are_answered_as_memcached_answers_them()
        => await RunAsync("spoiled sequences", SpoiledShare, Spoiled);

    private static Sequence Spoiled(Random random, string prefix)
    {
        byte[] spoiled = Mutation.Of(Stream(random, prefix), Stream(random, prefix), random);
        return CommonGround.Of(new Sequence([Encoding.Latin1.GetString(spoiled)]));
    }

    private static byte[] Stream(Random random, string prefix)
        => Encoding.Latin1.GetBytes(string.Concat(new SequenceGenerator(random, prefix).Next().Stages.Select(stage => Sequence.Fill(stage, new Versions()))));

    private static bool IsWhole(Sequence sequence)
    {
        foreach (string stage in sequence.Stages)
        {
            int at = 0;
            while (at < stage.Length)
            {
                at = RequestFrames.EndOf(stage, at);
            }

            if (at != stage.Length)
            {
                return false;
            }
        }

        return true;
    }

    // Requests first, characters then.
    private static Sequence Shortest(Sequence sequence, Comparison comparison)
    {
        for (int stage = 0; stage < sequence.Stages.Count; stage++)
        {
            int current = stage;
            bool Fails(IEnumerable<string> parts) => Differs(With(sequence, current, string.Concat(parts)), comparison);
            string shorter = string.Concat(Minimiser.Shorten(RequestFrames.Split(sequence.Stages[stage]), Fails));
            shorter = string.Concat(Minimiser.Shorten([.. shorter.Select(character => character.ToString())], Fails));
            sequence = With(sequence, stage, shorter);
        }

        return sequence;
    }

    private static bool Differs(Sequence sequence, Comparison comparison)
        => CommonGround.Of(sequence).Stages.SequenceEqual(sequence.Stages) && comparison.PlayAlone(sequence) is not null;

    private static Sequence With(Sequence sequence, int stage, string text) => new([.. sequence.Stages.Select((old, i) => i == stage ? text : old)]);

    private async Task RunAsync(string name, double share, Func<Random, string, Sequence> next)
    {
        await using StockMemcached memcached = await StockMemcached.StartAsync(flags: ["-m", "1024"]);
        using var theirs = new StockPeer(memcached);
        await using var ours = new OurPeer();
        var comparison = new Comparison(ours, theirs);
        await FuzzRun.RepeatAsync(name, share, random =>
        {
            long before = comparison.Requests;
            Round(comparison, random, next);
            return Task.FromResult(comparison.Requests - before);
        });
    }

    private void Round(Comparison comparison, Random random, Func<Random, string, Sequence> next)
    {
        int[] seeds = [.. Enumerable.Range(0, Batch).Select(_ => random.Next())];
        Sequence[] sequences = [.. seeds.Select(seed => next(new Random(seed), $"{_keys++:x}:"))];
        Sequence[] whole = [.. sequences.Where(IsWhole)];
        IReadOnlyList<Sequence> suspects = [.. comparison.Play(whole), .. sequences.Except(whole)];
        foreach (Sequence suspect in suspects)
        {
            int seed = seeds[Array.IndexOf(sequences, suspect)];
            string? difference = null;
            for (int left = Tries; left > 0; left--)
            {
                Sequence again = left == Tries ? suspect : next(new Random(seed), $"{_keys++:x}:");
                difference = comparison.PlayAlone(again);
                if (difference is null)
                {
                    break;
                }
            }

            if (difference is not null)
            {
                Sequence shortest = Shortest(suspect, comparison);
                Assert.Fail($"seed {seed}: {comparison.PlayAlone(shortest)} to {string.Join("\n then ", shortest.Stages.Select(Shown.Text))}");
            }
        }
    }
}
