using static LivenessEngine.Wire.Exchanges.Exchange;
using static LivenessEngine.Wire.Exchanges.Texts;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>What happens when memory is used up.</summary>
internal static class MemoryRows
{
    private const int Length = 4000;

    // Twice as much as there is memory for.
    private static readonly string Fill = string.Concat(
        Enumerable.Range(0, 2000).Select(i => $"set k{i} 0 0 {Length} noreply\r\n{Bytes(Length)}\r\n"));

    private static readonly string OneMore = $"set more 0 0 {Length}\r\n{Bytes(Length)}\r\n";

    private static readonly string ValueOfMore = $"VALUE more 0 {Length}\r\n{Bytes(Length)}\r\n{End}";

    public static IEnumerable<Exchange> All =>
    [
        Row("more than there is memory for goes at the cost of other items", Fill + OneMore + "get more\r\n", Stored + ValueOfMore)
            .With("-m", "4").InOnePiece("it is long, and other rows of its kind are not"),
        Row("more than there is memory for is refused with -M", Fill + OneMore + "get more\r\nget k0\r\n", $"{OutOfMemory}{End}VALUE k0 0 {Length}\r\n{Bytes(Length)}\r\n{End}")
            .With("-m", "4", "-M").InOnePiece("it is long, and other rows of its kind are not"),
        Row("a set that is refused with -M takes the old value away with it", Fill + "set k0 0 0 4000\r\n" + Bytes(Length) + "\r\nget k0\r\n", OutOfMemory + End)
            .Ours($"{Stored}VALUE k0 0 {Length}\r\n{Bytes(Length)}\r\n{End}", "what replaces a value finds room, because as much comes back: so a known member's beat is stored")
            .With("-m", "4", "-M").InOnePiece("it is long, and other rows of its kind are not"),
    ];
}
