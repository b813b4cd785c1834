using System.Globalization;
using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

/// <summary>What the table should do, as a dictionary that nobody would deploy.</summary>
internal sealed class TableModel
{
    private readonly Dictionary<string, Entry> _entries = [];
    private long _version;
    private long _flushed;

    private sealed class Entry
    {
        public string? Value;
        public uint Flags;
        public long Deadline;
        public long Version;
        public bool IsMember;
        public long LastSeen;
    }

    public long Now { get; set; }

    public long Liveness { get; set; }

    public int MemberCount => _entries.Values.Count(entry => entry.IsMember);

    public int VisibleCount => _entries.Keys.Count(key => Visible(key) != null);

    public (string Value, uint Flags, long Deadline)? Get(string key)
        => Visible(key) is { } entry ? (entry.Value!, entry.Flags, entry.Deadline) : null;

    /// <summary>A number for the present version: what cas was given for.</summary>
    public long VersionOf(string key) => Visible(key)?.Version ?? 0;

    public long? LastSeen(string key) => _entries.TryGetValue(key, out Entry? entry) && entry.IsMember ? entry.LastSeen : null;

    public StoreResult Store(StoreMode mode, string key, string value, uint flags, long deadline, long version, bool member)
    {
        Entry? present = Visible(key);
        switch (mode)
        {
            case StoreMode.Add when present != null:
            case StoreMode.Replace or StoreMode.Append or StoreMode.Prepend when present == null:
                return StoreResult.NotStored;
            case StoreMode.Cas when present == null:
                return StoreResult.NotFound;
            case StoreMode.Cas when present.Version != version:
            case StoreMode.Append or StoreMode.Prepend or StoreMode.AppendOrAdd or StoreMode.PrependOrAdd
                when present != null && version != 0 && present.Version != version:
                return StoreResult.Exists;
            case StoreMode.Append or StoreMode.Prepend or StoreMode.AppendOrAdd or StoreMode.PrependOrAdd when present != null:
                present.Value = mode is StoreMode.Append or StoreMode.AppendOrAdd ? present.Value + value : value + present.Value;
                present.Version = ++_version;
                return StoreResult.Stored;
        }

        Entry entry = _entries.TryGetValue(key, out Entry? old) ? old : _entries[key] = new Entry();
        (entry.Value, entry.Flags, entry.Deadline, entry.Version) = (value, flags, deadline, ++_version);
        if (mode != StoreMode.Cas)
        {
            entry.IsMember |= member;
            entry.LastSeen = Liveness;
        }

        return StoreResult.Stored;
    }

    public (ArithmeticResult, ulong) Add(string key, ulong delta, bool up)
    {
        if (Visible(key) is not { } entry)
        {
            return (ArithmeticResult.NotFound, 0);
        }

        // As in memcached, a value of several chunks is no number, whatever it begins with.
        bool chunked = BlockHeader.Size + key.Length + entry.Value!.Length + BlockStore.CrLf > BlockStore.LargestInline;
        if (chunked || !ulong.TryParse(entry.Value.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
        {
            return (ArithmeticResult.NonNumeric, 0);
        }

        number = up ? unchecked(number + delta) : number < delta ? 0 : number - delta;
        entry.Value = number.ToString(CultureInfo.InvariantCulture).PadRight(entry.Value.Length);
        entry.Version = ++_version;
        return (ArithmeticResult.Done, number);
    }

    public bool Touch(string key, long deadline)
    {
        if (Visible(key) is not { } entry)
        {
            return false;
        }

        entry.Deadline = deadline;
        entry.LastSeen = Liveness;
        return true;
    }

    public bool Delete(string key)
    {
        bool visible = Visible(key) != null;
        _entries.Remove(key);
        return visible;
    }

    public void Join(string key)
    {
        Entry entry = _entries.TryGetValue(key, out Entry? old) ? old : _entries[key] = new Entry();
        entry.IsMember = true;
        entry.LastSeen = Liveness;
    }

    public bool Beat(string key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry) || !entry.IsMember)
        {
            return false;
        }

        entry.LastSeen = Liveness;
        return true;
    }

    public bool Leave(string key)
        => _entries.TryGetValue(key, out Entry? entry) && entry.IsMember && _entries.Remove(key);

    public void DropItem(string key)
    {
        if (_entries.TryGetValue(key, out Entry? entry))
        {
            entry.Value = null;
            if (!entry.IsMember)
            {
                _entries.Remove(key);
            }
        }
    }

    public void Flush() => _flushed = _version;

    // An entry that cannot be seen any more and is no member's is gone.
    private Entry? Visible(string key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            return null;
        }

        if (entry.Value != null && entry.Deadline > Now && entry.Version > _flushed)
        {
            return entry;
        }

        entry.Value = null;
        if (!entry.IsMember)
        {
            _entries.Remove(key);
        }

        return null;
    }
}
