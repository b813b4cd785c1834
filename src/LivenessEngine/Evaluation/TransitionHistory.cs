namespace LivenessEngine.Evaluation;

/// <summary>
/// The last transitions. Written by the sweep; read by anyone, a piece at a time, so that no reader keeps the sweep for
/// longer than a piece takes to be copied. A transition allocates nothing here.
/// </summary>
internal sealed class TransitionHistory
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 10_000;

    private const int InitialSize = 64;

    private readonly Lock _access = new();
    private Transition[] _ring = [];
    private long _count;

    /// <summary>How many there have been.</summary>
    public long Count => Volatile.Read(ref _count);

    public void Add(in Transition transition)
    {
        lock (_access)
        {
            if (_count == _ring.Length && _ring.Length < Capacity)
            {
                Array.Resize(ref _ring, Math.Clamp(2 * _ring.Length, InitialSize, Capacity));
            }

            _ring[_count % _ring.Length] = transition;
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>Copies some of them, the oldest first.</summary>
    /// <param name="next">The number of the first that is wanted, counted from 0; afterwards that of the first not copied yet.</param>
    /// <param name="into">Where to.</param>
    /// <returns>How many were copied; 0 if there are no more.</returns>
    public int Read(ref long next, Span<Transition> into)
    {
        lock (_access)
        {
            // Those that were overwritten meanwhile are gone.
            next = Math.Max(next, _count - _ring.Length);
            int copied = 0;
            for (; copied < into.Length && next < _count; copied++, next++)
            {
                into[copied] = _ring[next % _ring.Length];
            }

            return copied;
        }
    }
}
