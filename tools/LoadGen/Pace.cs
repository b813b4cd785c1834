using System.Diagnostics;

namespace LivenessEngine.Tools.LoadGen;

/// <summary>
/// When the next batch is due, and which connection is free for it. One that finds none waits, and its time counts all the
/// same: a server that stalls is not asked less (coordinated omission: Gil Tene).
/// </summary>
internal sealed class Pace
{
    private readonly Stack<int> _free;
    private readonly double _ticksBetween;
    private double _due = Stopwatch.GetTimestamp();

    public Pace(int connections, double perSecond)
    {
        _free = new Stack<int>(Enumerable.Range(0, connections));
        _ticksBetween = Stopwatch.Frequency / perSecond;
    }

    /// <summary>A connection and the moment it should have begun; false if nothing is due, or nobody is free.</summary>
    public bool TryNext(out int connection, out long due)
    {
        due = (long)_due;
        connection = 0;
        if (due > Stopwatch.GetTimestamp() || !_free.TryPop(out connection))
        {
            return false;
        }

        _due += _ticksBetween;
        return true;
    }

    public void Free(int connection) => _free.Push(connection);
}
