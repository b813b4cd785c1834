using LivenessEngine.Time;

namespace LivenessEngine.Table;

/// <summary>Is shown an item that goes to make room. It holds up a store, so it does not take long.</summary>
internal delegate void EvictionObserver(scoped ItemView item, scoped in Moment now);
