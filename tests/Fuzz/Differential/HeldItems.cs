namespace LivenessEngine.Fuzz.Differential;

/// <summary>
/// Items that memcached may be holding: while a reply that tells one has not been sent, and, when one has been read twice,
/// until it has been moved in the list of those to evict. For the number of such an item it makes a new one, which is as long
/// as the number and not padded.
/// </summary>
internal sealed class HeldItems
{
    private readonly HashSet<string> _told = [];
    private readonly HashSet<string> _readOnce = [];
    private readonly HashSet<string> _readTwice = [];

    /// <summary>All replies have come.</summary>
    public void BeginStage() => _told.Clear();

    public void Read(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _told.Add(key);
            Touch(key);
        }
    }

    public void Touch(string key)
    {
        if (!_readOnce.Add(key))
        {
            _readTwice.Add(key);
        }
    }

    /// <summary>Whether it may be held.</summary>
    public bool May(string key) => _told.Contains(key) || _readTwice.Contains(key);
}
