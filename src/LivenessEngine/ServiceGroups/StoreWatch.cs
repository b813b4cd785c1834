using Microsoft.Extensions.Logging;

namespace LivenessEngine.ServiceGroups;

/// <summary>Says once when a place is lost, and once when it is back.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StoreWatch(IHeartbeatStore store, ILogger logger)
{
    // Exchanged by whoever asks the place: one of them sees the change, and says so.
    private int _isAway;

    /// <param name="fault">What became of the last attempt; null if it went well.</param>
    public void Told(HeartbeatStoreException? fault)
    {
        int isAway = fault is null ? 0 : 1;
        if (Interlocked.Exchange(ref _isAway, isAway) == isAway)
        {
            return;
        }

        if (fault is null)
        {
            ServiceGroupLog.StoreIsBack(logger, store.Name);
        }
        else
        {
            ServiceGroupLog.StoreIsLost(logger, store.Name, fault.Message);
        }
    }
}
