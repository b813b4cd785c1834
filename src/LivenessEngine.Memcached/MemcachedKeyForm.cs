namespace LivenessEngine.Memcached;

/// <summary>How a member is spelled as a key.</summary>
public enum MemcachedKeyForm
{
    /// <summary>The SHA-1 of <c>group:member</c> in 40 hexadecimal digits, as oslo.cache makes it, and so Nova.</summary>
    Sha1,

    /// <summary><c>group:member</c> as it is.</summary>
    Plain,
}
