using System.Diagnostics;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Interop.Failover;

/// <summary>A place that tells the crowd which heartbeats it has taken.</summary>
internal sealed class RecordingStore(IHeartbeatStore store, Crowd crowd) : IHeartbeatStore
{
    public string Name => store.Name;

    public async Task JoinAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        await store.JoinAsync(names, cancellationToken);
        crowd.Taken(names, begun);
    }

    public async Task<IReadOnlyCollection<MemberName>> BeatAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        IReadOnlyCollection<MemberName> gone = await store.BeatAsync(names, cancellationToken);
        crowd.Taken(names.Except(gone), begun);
        return gone;
    }

    public Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
        => store.ReadAsync(names, cancellationToken);

    public Task<IReadOnlyList<(MemberName Name, Evidence Evidence)>> ListAsync(string? group, CancellationToken cancellationToken)
        => store.ListAsync(group, cancellationToken);

    public Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken) => store.RemoveAsync(name, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
