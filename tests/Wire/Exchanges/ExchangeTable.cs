using LivenessEngine.Wire.Exchanges.Binary;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>All rows.</summary>
internal static class ExchangeTable
{
    private static readonly Dictionary<string, Exchange> ByName;

    static ExchangeTable()
    {
        All =
        [
            .. GetRows.All,
            .. GatRows.All,
            .. StoreRows.All,
            .. StoreErrorRows.All,
            .. LargeRows.All,
            .. CasRows.All,
            .. DeleteRows.All,
            .. ArithmeticRows.All,
            .. TouchRows.All,
            .. ExpiryRows.All,
            .. FlushRows.All,
            .. StatsRows.All,
            .. CounterRows.All,
            .. DumpRows.All,
            .. AdministrationRows.All,
            .. MaintenanceRows.All,
            .. WatchRows.All,
            .. LineRows.All,
            .. MemoryRows.All,
            .. AuthenticationRows.All,
            .. MemberRows.All,
            .. HeartbeatRows.All,
            .. MetaRows.All,
            .. BinaryRows.All,
        ];
        ByName = All.ToDictionary(exchange => exchange.Name);
    }

    public static IReadOnlyList<Exchange> All { get; }

    public static Exchange Named(string name) => ByName[name];
}
