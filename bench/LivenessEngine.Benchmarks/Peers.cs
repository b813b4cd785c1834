using System.Collections.Concurrent;
using BitFaster.Caching.Lru;
using LivenessEngine.Table;

namespace LivenessEngine.Benchmarks;

/// <summary>The same fleet in the table and in what one would take instead; built once in the process for each size.</summary>
internal sealed class Peers
{
    private static readonly ConcurrentDictionary<int, Peers> Built = new();

    private readonly Lazy<LivenessTable> _table;
    private readonly Lazy<ConcurrentDictionary<string, long>> _dictionary;
    private readonly Lazy<NonBlocking.ConcurrentDictionary<string, long>> _nonBlocking;
    private readonly Lazy<ConcurrentLru<string, long>> _lru;

    private Peers(int members)
    {
        Fleet = new Fleet(members);
        _table = new(() => Fleet.CreateTable(out _));
        _dictionary = new(() => new ConcurrentDictionary<string, long>(Fleet.Keys.Select(key => KeyValuePair.Create(key, 1L))));
        _nonBlocking = new(() => new NonBlocking.ConcurrentDictionary<string, long>(Fleet.Keys.Select(key => KeyValuePair.Create(key, 1L))));
        _lru = new(() =>
        {
            var lru = new ConcurrentLru<string, long>(members * 2);
            Array.ForEach(Fleet.Keys, key => lru.AddOrUpdate(key, 1));
            return lru;
        });
    }

    public Fleet Fleet { get; }

    public LivenessTable Table => _table.Value;

    public ConcurrentDictionary<string, long> Dictionary => _dictionary.Value;

    public NonBlocking.ConcurrentDictionary<string, long> NonBlocking => _nonBlocking.Value;

    public ConcurrentLru<string, long> Lru => _lru.Value;

    public static Peers Of(int members) => Built.GetOrAdd(members, count => new Peers(count));
}
