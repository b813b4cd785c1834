using System.Collections.Concurrent;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Server;

/// <summary>Connections that go on in another process, gathered while the server stops.</summary>
/// <param name="limit">Ends the wait for those who are in the middle of a request.</param>
internal sealed class HandOver(CancellationToken limit)
{
    private readonly ConcurrentQueue<SafeSocketHandle> _released = new();

    public CancellationToken Limit => limit;

    public IReadOnlyCollection<SafeSocketHandle> Released => _released;

    public void Add(SafeSocketHandle handle) => _released.Enqueue(handle);
}
