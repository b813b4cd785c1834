namespace LivenessEngine.Time;

/// <summary>
/// Times at which patience with whoever was last seen by a certain reading of the liveness clock ends. The ticker's own.
/// </summary>
/// <remarks>Limits that lie close together are kept as one, the later: so few are kept, however often they are added.</remarks>
internal sealed class RealTimeLimits(long serviceDownTime)
{
    private const int SharesOfDownTime = 32;

    private readonly List<RealTimeLimit> _limits = [];

    /// <summary>From when on the member must have been seen; the least there is while no limit has passed.</summary>
    public long SeenSince { get; private set; } = long.MinValue;

    /// <param name="due">When; never earlier than the last that was added.</param>
    /// <param name="lastSeen">The latest reading of the liveness clock that it is for.</param>
    public void Add(long due, long lastSeen)
    {
        if (_limits.Count > 0 && due - _limits[^1].First < serviceDownTime / SharesOfDownTime)
        {
            _limits[^1] = new RealTimeLimit(_limits[^1].First, due, lastSeen);
        }
        else
        {
            _limits.Add(new RealTimeLimit(due, due, lastSeen));
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

    /// <summary>Writes down what there is; the rest of the places stays as it is.</summary>
    public void Save(Span<RealTimeLimit> places, long now)
    {
        for (int i = 0; i < Math.Min(_limits.Count, places.Length); i++)
        {
            places[i] = _limits[i] with { First = _limits[i].First - now, Due = _limits[i].Due - now };
        }
    }

    /// <summary>Goes on from what was written down at the time 0.</summary>
    public void Resume(ReadOnlySpan<RealTimeLimit> places, long seenSince)
    {
        SeenSince = seenSince;
        foreach (RealTimeLimit limit in places)
        {
            if (limit != default)
            {
                _limits.Add(limit);
            }
        }
    }
}
