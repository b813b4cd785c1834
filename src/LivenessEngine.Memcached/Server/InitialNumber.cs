using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Server;

/// <summary>A number that is made where there is none to add to.</summary>
/// <param name="Value">The number.</param>
/// <param name="Deadline">Its deadline.</param>
/// <param name="Marks">Its marks.</param>
/// <param name="Version">Its own version, if the marks say that it has one.</param>
internal readonly record struct InitialNumber(ulong Value, long Deadline, ItemMarks Marks = ItemMarks.None, ulong Version = 0);
