namespace LivenessEngine.Memcached.Nova;

/// <summary>Where the bytes of <c>ct</c> stand in a value, so that it can be written anew in place.</summary>
/// <param name="Offset">From the start of the value.</param>
/// <param name="Length">In bytes: 8 for a double, the count of digits for text.</param>
internal readonly record struct CreationTimePlace(CreationTimeForm Form, int Offset, int Length);
