namespace LivenessEngine.Wire.Exchanges;

/// <summary>The meta commands: mg, ms, md, ma, me and mn.</summary>
internal static class MetaRows
{
    public static IEnumerable<Exchange> All =>
    [
        .. MetaLineRows.All,
        .. MetaGetRows.All,
        .. MetaSetRows.All,
        .. MetaDeleteRows.All,
        .. MetaArithmeticRows.All,
        .. MetaRecacheRows.All,
        .. MetaVersionRows.All,
        .. MetaMemberRows.All,
    ];
}
