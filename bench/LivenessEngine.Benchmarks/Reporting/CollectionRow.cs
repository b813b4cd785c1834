using System.Globalization;

namespace LivenessEngine.Benchmarks.Reporting;

/// <summary>A row of what bench/collections.sh writes.</summary>
internal sealed record CollectionRow(int Members, int Seconds, int FullCollections)
{
    public Figure Figure => new($"wire: full collections in {Seconds} s at full load, {Members:N0} members", 0, FullCollections, "", AtMost: true);

    public static CollectionRow Parse(string line)
    {
        int[] fields = [.. line.Split(',').Select(field => int.Parse(field, CultureInfo.InvariantCulture))];
        return new CollectionRow(fields[0], fields[1], fields[2]);
    }
}
