namespace LivenessEngine.Memcached.Client.Placement;

internal static class Placements
{
    public static IPlacement Create(MemcachedPlacement placement, IReadOnlyList<ServerNode> servers) => placement switch
    {
        MemcachedPlacement.Crc32 => new Crc32Placement(),
        MemcachedPlacement.Rendezvous => new RendezvousPlacement(servers),
        MemcachedPlacement.Ketama => new KetamaPlacement(servers),
        MemcachedPlacement.KetamaUnweighted => new UnweightedKetamaPlacement(servers),
        MemcachedPlacement.KetamaEnyim => new EnyimKetamaPlacement(servers),
        _ => throw new ArgumentOutOfRangeException(nameof(placement), placement, null),
    };
}
