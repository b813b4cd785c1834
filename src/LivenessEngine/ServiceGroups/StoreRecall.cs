using System.Collections.Concurrent;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// A place, and what was last found in it: that it is away now takes nothing from that but its age, and nobody leaves because
/// a place is away.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StoreRecall(IHeartbeatStore store, TimeProvider time)
{
    private readonly ConcurrentDictionary<MemberName, (long Time, Evidence Evidence)> _found = new();
    private readonly ConcurrentDictionary<string, (long Time, IReadOnlyList<(MemberName Name, Evidence Evidence)> Members)> _listings = new();

    /// <summary>What the place says of members, or said when it last could; then the fault is why it cannot.</summary>
    public async Task<(Evidence[] Evidence, HeartbeatStoreException? Fault)> ReadAsync(
        IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Evidence> evidence = await store.ReadAsync(names, cancellationToken).ConfigureAwait(false);
            Keep(names, evidence);
            return ([.. evidence], null);
        }
        catch (HeartbeatStoreException fault)
        {
            return ([.. names.Select(Last)], fault);
        }
    }

    /// <summary>Whom the place has of a group, or of all; or had when it last could say.</summary>
    public async Task<(IEnumerable<(MemberName Name, Evidence Evidence)> Members, HeartbeatStoreException? Fault)> ListAsync(
        string? group, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        try
        {
            IReadOnlyList<(MemberName Name, Evidence Evidence)> members = await store.ListAsync(group, cancellationToken).ConfigureAwait(false);
            _listings[group ?? ""] = (now, members);
            return (members, null);
        }
        catch (HeartbeatStoreException fault)
        {
            return (LastListing(group), fault);
        }
    }

    /// <summary>What was last found of a member, by now older. It may report to this place only; then it is judged by that until it is too old.</summary>
    public Evidence Last(MemberName name)
        => _found.TryGetValue(name, out (long Time, Evidence Evidence) found) ? Aged(found.Evidence, found.Time) : default;

    private IEnumerable<(MemberName Name, Evidence Evidence)> LastListing(string? group)
        => _listings.TryGetValue(group ?? "", out (long Time, IReadOnlyList<(MemberName Name, Evidence Evidence)> Members) listing)
            ? listing.Members.Select(member => (member.Name, Aged(member.Evidence, listing.Time)))
            : [];

    private void Keep(IReadOnlyList<MemberName> names, IReadOnlyList<Evidence> evidence)
    {
        long now = time.GetTimestamp();
        for (int i = 0; i < names.Count; i++)
        {
            if (evidence[i].Age is not null)
            {
                _found[names[i]] = (now, evidence[i]);
            }
            else
            {
                _found.TryRemove(names[i], out _);
            }
        }
    }

    private Evidence Aged(Evidence evidence, long since) => evidence with { Age = evidence.Age + time.GetElapsedTime(since) };
}
