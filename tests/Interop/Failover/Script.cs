namespace LivenessEngine.Interop.Failover;

/// <summary>Who dies when: members taken from all processes, and each of them once.</summary>
internal sealed class Script(Crowd crowd, Membership[] memberships)
{
    // Steps over the crowd so that those who die are of all processes and of all moments of the interval.
    private const int Step = 37;

    private int _next;

    /// <summary>Some fall silent now; then time passes.</summary>
    /// <param name="members">How many.</param>
    /// <param name="then">How many seconds pass.</param>
    public async Task DieAsync(int members, double then)
    {
        for (int i = 0; i < members; i++)
        {
            int member = _next++ * Step % memberships.Length;

            // First told, then done: nobody calls one living that has just ended.
            crowd.Stopped(member);
            memberships[member].Dispose();
        }

        await Task.Delay(TimeSpan.FromSeconds(then), TestContext.Current.CancellationToken);
    }
}
