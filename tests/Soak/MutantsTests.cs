using LivenessEngine.Testing;

namespace LivenessEngine.Soak;

/// <summary>
/// The mutants in mutants/ are still of this code: each takes out lines that are there, and names a test that is. Whether
/// the test then fails is for tools/mutants.sh.
/// </summary>
public sealed class MutantsTests
{
    private const string Fails = "# fails: ";
    private const string Before = "--- a/";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Soak", "mutants");

    public static TheoryData<string> All => [.. Directory.GetFiles(Folder, "*.patch").Select(path => Path.GetFileName(path)).Order()];

    [Theory, MemberData(nameof(All))]
    public void Changes_what_is_there_and_names_a_test(string mutant)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, mutant));
        string changed = lines.Single(line => line.StartsWith(Before, StringComparison.Ordinal))[Before.Length..];
        string source = File.ReadAllText(Path.Combine(Repository.Root, changed));
        foreach (string hunk in Hunks(lines))
        {
            Assert.Contains(hunk, source, StringComparison.Ordinal);
        }

        string[] test = lines.Single(line => line.StartsWith(Fails, StringComparison.Ordinal))[Fails.Length..].Split('.');
        Type? of = typeof(MutantsTests).Assembly.GetType($"{typeof(MutantsTests).Namespace}.{string.Join('.', test[..^1])}");
        Assert.NotNull(of?.GetMethod(test[^1]));
    }

    // What each finds: the lines that it leaves and those that it takes out.
    private static IEnumerable<string> Hunks(string[] lines)
    {
        int[] begins = [.. lines.Index().Where(line => line.Item.StartsWith("@@", StringComparison.Ordinal)).Select(line => line.Index), lines.Length];
        Assert.True(begins.Length > 1, "it has no hunk");
        return begins.Zip(begins.Skip(1), (from, to) => string.Join('\n', lines[(from + 1)..to]
            .Where(line => line is "" or [' ' or '-', ..])
            .Select(line => line is "" ? "" : line[1..])));
    }
}
