using System.Collections.Concurrent;
using System.Net;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>The connections that are open, and where the server listens.</summary>
/// <param name="full">Held from the first client that is turned away until there is room for one.</param>
internal sealed class ConnectionRegistry(Suspension full)
{
    private readonly ConcurrentDictionary<long, Connection> _connections = new();
    private long _lastId;
    private int _count;
    private int _structures;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The addresses listened on.</summary>
    public IReadOnlyList<EndPoint> Listening { get; private set; } = [];

    /// <summary>The listeners, at those addresses.</summary>
    public IReadOnlyList<MemcachedListener> Listeners
    {
        get;
        set
        {
            field = value;
            NumberedListeners =
            [
                .. NumberedListeners,
                .. value.Skip(NumberedListeners.Count).Select(listener => (Interlocked.Increment(ref _lastId), listener.EndPoint)),
            ];
            Listening = [.. value.Select(listener => listener.EndPoint)];
        }
    }
    = [];

    /// <summary>The addresses, with numbers as connections have them.</summary>
    public IReadOnlyList<(long Number, EndPoint EndPoint)> NumberedListeners { get; private set; } = [];

    /// <summary>How many objects for connections have been made; they are used again.</summary>
    public int Structures => Volatile.Read(ref _structures);

    public bool IsAccepting => Listening.Count > 0;

    public void CountStructure() => Interlocked.Increment(ref _structures);

    /// <summary>Takes a connection in, unless there are as many as may be.</summary>
    public bool TryAdd(Connection connection, int most, out long id)
    {
        id = 0;
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            full.Begin();
            if (Count < most)
            {
                // Somebody has gone meanwhile, and may have looked before it was held.
                full.End();
            }

            return false;
        }

        id = Interlocked.Increment(ref _lastId);
        _connections[id] = connection;
        return true;
    }

    public void Remove(long id)
    {
        if (_connections.TryRemove(id, out _))
        {
            Interlocked.Decrement(ref _count);
            full.End();
        }
    }

    public IEnumerable<Connection> All() => _connections.Values;

    public IEnumerable<ConnectionInfo> Snapshot() => _connections.Values.Select(connection => connection.Describe());
}
