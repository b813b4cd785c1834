namespace LivenessEngine.Time;

/// <summary>
/// Times at which patience with whoever was last seen by a certain reading of the liveness clock ends. The ticker's own.
/// </summary>
/// <remarks>Limits that lie close together are kept as one, the later: so few are kept, however often they are added.</remarks>
internal sealed class RealTimeLimits(long serviceDownTime)
{
    private const int SharesOfDownTime = 32;

    private readonly List<(long First, long Due, long LastSeen)> _limits = [];

    /// <summary>From when on the member must have been seen; the least there is while no limit has passed.</summary>
    public long SeenSince { get; private set; } = long.MinValue;

    /// <param name="due">When; never earlier than the last that was added.</param>
    /// <param name="lastSeen">The latest reading of the liveness clock that it is for.</param>
    public void Add(long due, long lastSeen)
    {
        if (_limits.Count > 0 && due - _limits[^1].First < serviceDownTime / SharesOfDownTime)
        {
            _limits[^1] = (_limits[^1].First, due, lastSeen);
        }
        else
        {
            _limits.Add((due, due, lastSeen));
        }
    }

    /// <summary>Takes the limits that have passed; false if there was none.</summary>
    public bool TryPass(long now)
    {
        int passed = 0;
        while (passed < _limits.Count && _limits[passed].Due < now)
        {
            passed++;
        }

        if (passed == 0)
        {
            return false;
        }

        SeenSince = Math.Max(SeenSince, _limits[passed - 1].LastSeen + 1);
        _limits.RemoveRange(0, passed);
        return true;
    }
}
