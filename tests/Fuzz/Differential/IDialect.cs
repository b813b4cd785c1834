namespace LivenessEngine.Fuzz.Differential;

/// <summary>One of the two protocols, as the comparison needs to know it.</summary>
internal interface IDialect
{
    /// <summary>What takes everything away.</summary>
    string FlushAll { get; }

    Versions NewVersions();

    /// <summary>The requests of a stream, the last of which may be cut off.</summary>
    List<string> Split(string requests);

    /// <summary>Whether the stream ends where a request ends.</summary>
    bool IsWhole(string requests);

    /// <summary>The part of a sequence that the older memcached is expected to answer alike.</summary>
    Sequence CommonGround(Sequence sequence);

    /// <summary>A request whose reply (<see cref="MarkReply"/>) ends those of a sequence.</summary>
    string Mark(long number);

    string MarkReply(long number);

    /// <summary>The replies one by one, without what two servers cannot have in common.</summary>
    List<string> Read(string replies, Versions versions);

    /// <summary>Whether memcached has looked behind the value for its number: from there on nothing can be compared.</summary>
    bool IsReadTooFar(Sequence sequence, string ours, string theirs);

    /// <summary>Whether they are the same, but for what is known of the older memcached.</summary>
    bool IsSame(string ours, string theirs);
}
