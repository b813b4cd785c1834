using LivenessEngine.Evaluation;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// Finds out who has come up and who has gone down where only questions can be asked: lists the group once a second and
/// compares. A question that fails proves nothing, and changes nothing.
/// </summary>
internal sealed class StorePoll(IHeartbeatStore store, string? group, TimeSpan serviceDownTime, TimeProvider time, EventStream stream)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Those that were up when last asked for, and when they had been seen.
    private readonly Dictionary<MemberName, DateTimeOffset> _up = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        bool begun = false;
        try
        {
            do
            {
                try
                {
                    IReadOnlyList<(MemberName, Evidence)> members = await store.ListAsync(group, cancellationToken).ConfigureAwait(false);
                    Compare(members, tell: begun);
                    begun = true;
                }
                catch (HeartbeatStoreException)
                {
                    // Told of by those who report; asked again with the next tick.
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody follows any more, or the store is gone with its service group.
        }
        finally
        {
            stream.Complete();
        }
    }

    private void Compare(IReadOnlyList<(MemberName Name, Evidence Evidence)> members, bool tell)
    {
        DateTimeOffset now = time.GetUtcNow();
        HashSet<MemberName> left = [.. _up.Keys];
        foreach ((MemberName name, Evidence evidence) in members)
        {
            left.Remove(name);
            bool wasUp = _up.ContainsKey(name);
            bool isUp = evidence.Verdict(serviceDownTime) == MemberState.Up;
            DateTimeOffset lastSeen = evidence.LastSeen ?? now - (evidence.Age ?? TimeSpan.Zero);
            if (isUp)
            {
                _up[name] = lastSeen;
            }
            else
            {
                _up.Remove(name);
            }

            if (isUp != wasUp && tell)
            {
                DownReason reason = evidence.Service?.IsForcedDown == true ? DownReason.ForcedDown : DownReason.Silence;
                stream.Write(isUp
                    ? new MemberUp(name.Group, name.Member, now, lastSeen)
                    : new MemberDown(name.Group, name.Member, now, lastSeen, reason));
            }
        }

        foreach (MemberName name in left)
        {
            _up.Remove(name, out DateTimeOffset lastSeen);
            stream.Write(new MemberDown(name.Group, name.Member, now, lastSeen, DownReason.Left));
        }
    }
}
