namespace LivenessEngine.ServiceGroups;

/// <summary>
/// When heartbeats go to a place that stands in for another, which is there: so often that the last one is never older than
/// the service down time by the time the next one can have arrived.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BackupSchedule
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _reportInterval;
    private readonly TimeSpan _interval;
    private readonly Lock _gate = new();

    // Under the lock.
    private readonly Dictionary<MemberName, long> _lastBeats = [];
    private long? _failed;

    public BackupSchedule(ServiceGroupOptions options)
    {
        _time = options.TimeProvider;
        _reportInterval = options.ReportInterval;

        // The last beat there, the beat that finds the other place away, and one interval to spare.
        TimeSpan rest = options.ServiceDownTime - (2 * options.ReportInterval);
        _interval = rest > options.ReportInterval ? rest - (options.ReportInterval / 2) : TimeSpan.Zero;
    }

    /// <summary>Whose heartbeats are to go there now. It is not waited for with every beat while it is away.</summary>
    public IReadOnlyList<MemberName> Due(IReadOnlyList<MemberName> names)
    {
        lock (_gate)
        {
            if (_failed is { } failed && _time.GetElapsedTime(failed) < _reportInterval)
            {
                return [];
            }

            return [.. names.Where(name => !_lastBeats.TryGetValue(name, out long last) || _time.GetElapsedTime(last) >= _interval)];
        }
    }

    public void Written(IReadOnlyList<MemberName> names)
    {
        long now = _time.GetTimestamp();
        lock (_gate)
        {
            _failed = null;
            foreach (MemberName name in names)
            {
                _lastBeats[name] = now;
            }
        }
    }

    public void Failed()
    {
        lock (_gate)
        {
            _failed = _time.GetTimestamp();
        }
    }

    public void Forget(MemberName name)
    {
        lock (_gate)
        {
            _lastBeats.Remove(name);
        }
    }
}
