namespace LivenessEngine.Fuzz.Coverage;

/// <summary>
/// A fuzz that coverage guides: inputs that take a new way through the code are kept, and mutated further. The rounds are by
/// their seeds; what is kept depends on the rounds before, so an input that fails is written to the corpus itself.
/// </summary>
internal sealed class Guided
{
    private const int MostKept = 4_000;
    private const int MostShown = 4_000;

    private readonly string _target;
    private readonly int _inputsInRound;
    private readonly Func<Random, byte[]> _fresh;
    private readonly EdgeMap _edges = new();
    private readonly List<byte[]> _kept;
    private bool _hasBegun;

    /// <param name="target">The name of a target.</param>
    /// <param name="inputsInRound">How many inputs it takes before it is asked what is left.</param>
    /// <param name="fresh">A valid input.</param>
    public Guided(string target, int inputsInRound, Func<Random, byte[]> fresh)
    {
        _target = target;
        _inputsInRound = inputsInRound;
        _fresh = fresh;
        _kept = CorpusFile.Read(target);
    }

    public int Edges => _edges.Edges;

    public int Kept => _kept.Count;

    public Task<long> RoundAsync(Random random)
    {
        int seed = random.Next();
        var taken = new List<byte[]>();
        long answered = 0;
        try
        {
            (Func<byte[], int> take, Action end) = InstrumentedCode.Open(_target, seed);
            if (!_hasBegun)
            {
                _hasBegun = true;
                foreach (byte[] input in _kept.ToArray())
                {
                    answered += Take(take, input, taken);
                }
            }

            for (int i = 0; i < _inputsInRound; i++)
            {
                byte[] input = Next(random);
                answered += Take(take, input, taken);
                if (_edges.TakeNew() && _kept.Count < MostKept)
                {
                    _kept.Add(input);
                }
            }

            end();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new FailedInput(failure.Message, $"{taken.Count} inputs with seed {seed}, the last {Last(taken)}", () => Keep(seed, taken), failure);
        }

        return Task.FromResult(answered);
    }

    /// <summary>Writes the shortest of what is kept that together take all ways that were found.</summary>
    public void WriteCorpus(int longest)
    {
        var edges = new EdgeMap();
        var needed = new List<byte[]>();
        (Func<byte[], int> take, _) = InstrumentedCode.Open(_target, 1);
        foreach (byte[] input in _kept.Where(input => input.Length <= longest).OrderBy(input => input.Length))
        {
            EdgeMap.Clear();
            take(input);
            if (edges.TakeNew())
            {
                needed.Add(input);
            }
        }

        CorpusFile.Write(_target, needed);
    }

    private static int Take(Func<byte[], int> take, byte[] input, List<byte[]> taken)
    {
        taken.Add(input);
        EdgeMap.Clear();
        return take(input);
    }

    private byte[] Next(Random random)
    {
        byte[] input = _kept.Count == 0 || random.Next(3) == 0 ? _fresh(random) : _kept[random.Next(_kept.Count)];
        byte[] other = _kept.Count == 0 || random.Next(2) == 0 ? _fresh(random) : _kept[random.Next(_kept.Count)];
        return Mutation.Of(input, other, random);
    }

    private static string Last(List<byte[]> taken) => taken.Count > 0 ? CorpusFile.Format(taken[^1]) : "none";

    // The last one alone, or the shortest row of those that were taken; made as short as can be.
    private string Keep(int seed, List<byte[]> taken)
    {
        List<byte[]> shortest = Minimiser.Shorten(Fails([taken[^1]]) ? [taken[^1]] : taken, Fails);
        if (!Fails(shortest))
        {
            return "and it does not fail again";
        }

        for (int i = 0; i < shortest.Count; i++)
        {
            int at = i;
            shortest[i] = [.. Minimiser.Shorten(shortest[i], bytes => Fails([.. shortest[..at], [.. bytes], .. shortest[(at + 1)..]]))];
        }

        if (shortest.Count == 1)
        {
            CorpusFile.Add(_target, $"seed {seed}", shortest[0]);
        }

        string inputs = string.Join("\n and ", shortest.Select(input => CorpusFile.Format(input)));
        return $"with seed {seed} by {inputs[..Math.Min(MostShown, inputs.Length)]}";

        bool Fails(IReadOnlyList<byte[]> inputs)
        {
            try
            {
                (Func<byte[], int> take, Action end) = InstrumentedCode.Open(_target, seed);
                foreach (byte[] input in inputs)
                {
                    take(input);
                }

                end();
                return false;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                return true;
            }
        }
    }
}
