using System.Collections.Concurrent;

namespace LivenessEngine.Database.Services;

/// <summary>
/// Which row is whose, so that a heartbeat need not look for it. Forgotten every minute and after the database was lost:
/// it may have been put back from a backup, and a row may be somebody else's.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RowIds(TimeProvider time, Func<int> connectionsLost)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private ConcurrentDictionary<MemberName, long> _ids = new();
    private int _connectionsLost;
    private long _born = time.GetTimestamp();

    /// <summary>What is known at this moment, for many questions at once.</summary>
    public IReadOnlyDictionary<MemberName, long> Known => Current();

    public void Set(MemberName name, long id) => Current()[name] = id;

    public void Forget(MemberName name) => Current().TryRemove(name, out _);

    private ConcurrentDictionary<MemberName, long> Current()
    {
        lock (_gate)
        {
            int lost = connectionsLost();
            if (lost != _connectionsLost || time.GetElapsedTime(_born) >= Life)
            {
                _ids = new();
                _connectionsLost = lost;
                _born = time.GetTimestamp();
            }

            return _ids;
        }
    }
}
