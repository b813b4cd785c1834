namespace LivenessEngine.Wire.Exchanges.Binary;

/// <summary>The binary protocol's rows.</summary>
internal static class BinaryRows
{
    public static IEnumerable<Exchange> All =>
    [
        .. BinaryGetRows.All,
        .. BinaryStoreRows.All,
        .. BinaryCasRows.All,
        .. BinaryCountRows.All,
        .. BinaryTouchRows.All,
        .. BinaryAdministrationRows.All,
        .. BinaryStatRows.All,
        .. BinaryHostileRows.All,
        .. BinaryMemberRows.All,
        .. BinaryClientRows.All,
        .. BinaryAuthenticationRows.All,
    ];
}
