using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Random sequences to us and to the real memcached: the replies are the same.</summary>
public sealed class DifferentialFuzz
{
    // Of the requests that a long run asks for.
    private const double ValidShare = 0.05;
    private const double SpoiledShare = 0.5;
    private const double SpoiledBinaryShare = 0.25;
    private const int Batch = 64;
    private const int Tries = 3;

    private long _keys;

    [Fact]
    public async Task Valid_sequences_are_answered_as_memcached_answers_them()
        => await RunAsync("valid sequences", ValidShare, new TextDialect(), (random, prefix) => new SequenceGenerator(random, prefix).Next());

    [Fact]
    public async Task Spoiled_sequences_are_answered_as_memcached_answers_them()
        => await RunAsync("spoiled sequences", SpoiledShare, new TextDialect(), (random, prefix) => Spoiled(random, () => new SequenceGenerator(random, prefix).Next(), new TextDialect()));

    [Fact]
    public async Task Valid_binary_sequences_are_answered_as_memcached_answers_them()
        => await RunAsync("valid binary sequences", ValidShare, new BinaryDialect(), (random, prefix) => new BinaryGenerator(random, prefix).Next());

    [Fact]
    public async Task Spoiled_binary_sequences_are_answered_as_memcached_answers_them()
        => await RunAsync("spoiled binary sequences", SpoiledBinaryShare, new BinaryDialect(), (random, prefix) => Spoiled(random, () => new BinaryGenerator(random, prefix).Next(), new BinaryDialect()));

    private static Sequence Spoiled(Random random, Func<Sequence> next, IDialect dialect)
        => new([Encoding.Latin1.GetString(Mutation.Of(Stream(next(), dialect), Stream(next(), dialect), random))]);

    private static byte[] Stream(Sequence sequence, IDialect dialect)
        => Encoding.Latin1.GetBytes(string.Concat(sequence.Stages.Select(stage => Sequence.Fill(stage, dialect.NewVersions()))));

    private static string TextOf(Sequence sequence) => string.Join("\n then ", sequence.Stages.Select(Shown.Text));

    // Requests first, characters then.
    private static Sequence Shortest(Sequence sequence, Comparison comparison, IDialect dialect)
    {
        for (int stage = 0; stage < sequence.Stages.Count; stage++)
        {
            int current = stage;
            bool Fails(IEnumerable<string> parts) => Differs(With(sequence, current, string.Concat(parts)), comparison, dialect);
            string shorter = string.Concat(Minimiser.Shorten(dialect.Split(sequence.Stages[stage]), Fails));
            shorter = string.Concat(Minimiser.Shorten([.. shorter.Select(character => character.ToString())], Fails));
            sequence = With(sequence, stage, shorter);
        }

        return sequence;
    }

    private static bool Differs(Sequence sequence, Comparison comparison, IDialect dialect)
        => dialect.CommonGround(sequence).Stages.SequenceEqual(sequence.Stages) && comparison.PlayAlone(sequence) is not null;

    private static Sequence With(Sequence sequence, int stage, string text) => new([.. sequence.Stages.Select((old, i) => i == stage ? text : old)]);

    private async Task RunAsync(string name, double share, IDialect dialect, Func<Random, string, Sequence> next)
    {
        await using StockMemcached memcached = await StockMemcached.StartAsync(flags: ["-m", "1024"]);
        using var theirs = new StockPeer(memcached);
        await using var ours = new OurPeer();
        var comparison = new Comparison(dialect, ours, theirs);
        await FuzzRun.RepeatAsync(name, share, random =>
        {
            long before = comparison.Requests;
            Round(comparison, dialect, random, next);
            return Task.FromResult(comparison.Requests - before);
        });
    }

    private void Round(Comparison comparison, IDialect dialect, Random random, Func<Random, string, Sequence> next)
    {
        Sequence Next(int seed) => dialect.CommonGround(next(new Random(seed), $"{_keys++:x}:"));
        int[] seeds = [.. Enumerable.Range(0, Batch).Select(_ => random.Next())];
        Sequence[] sequences = [.. seeds.Select(seed => Next(seed))];
        Sequence[] whole = [.. sequences.Where(sequence => sequence.Stages.All(dialect.IsWhole))];
        IReadOnlyList<Sequence> suspects = [.. comparison.Play(whole), .. sequences.Except(whole)];
        foreach (Sequence suspect in suspects)
        {
            int seed = seeds[Array.IndexOf(sequences, suspect)];
            string? difference = null;
            for (int left = Tries; left > 0; left--)
            {
                Sequence again = left == Tries ? suspect : Next(seed);
                difference = comparison.PlayAlone(again);
                if (difference is null)
                {
                    break;
                }
            }

            if (difference is not null)
            {
                throw new FailedInput($"seed {seed}: {difference}", TextOf(suspect), () =>
                {
                    Sequence shortest = Shortest(suspect, comparison, dialect);
                    return $"{comparison.PlayAlone(shortest)} to {TextOf(shortest)}";
                });
            }
        }
    }
}
