namespace LivenessEngine.Table;

/// <summary>How a store treats what is already there.</summary>
internal enum StoreMode
{
    Set,
    Add,
    Replace,
    Append,
    Prepend,
    Cas,

    /// <summary>Append, or add where there is nothing to append to.</summary>
    AppendOrAdd,

    /// <summary>Prepend, or add where there is nothing to prepend to.</summary>
    PrependOrAdd,
}

internal enum StoreResult
{
    Stored,

    /// <summary>The condition of add, replace, append or prepend was not met.</summary>
    NotStored,

    /// <summary>cas: the item has changed since.</summary>
    Exists,

    /// <summary>cas: there is no item.</summary>
    NotFound,

    TooLarge,
    OutOfMemory,
}

internal enum LookupResult
{
    Found,
    Missing,

    /// <summary>Was there, but its deadline has passed.</summary>
    Expired,

    /// <summary>Was there, but a flush came after it.</summary>
    Flushed,

    /// <summary>A heartbeat whose member is down: it is there, and found again as soon as the member is up.</summary>
    Down,

    /// <summary>It is there, but there is no memory for its new version.</summary>
    OutOfMemory,

    /// <summary>It is there, but not in the version that was expected.</summary>
    Changed,
}

internal enum ArithmeticResult
{
    Done,
    NotFound,
    NonNumeric,

    /// <summary>It is there, but not in the version that was expected.</summary>
    Changed,
    OutOfMemory,
}
