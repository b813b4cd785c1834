namespace LivenessEngine.Table.State;

/// <summary>
/// How far the pages and the rows of a state file have space on the disk. Asked before a page or a row is used for the
/// first time; when the disk is full there are no more of them, as if the memory limit were reached, until there is room.
/// </summary>
/// <remarks>
/// The one place where a thread may wait for another, once in 16 MiB; the tick goes ahead (<see cref="TakeAhead"/>), so that
/// it is mostly the tick that does it.
/// </remarks>
internal sealed class StateSpace
{
    private const int PageStep = (16 << 20) / SizeClasses.PageSize;
    private const int RowStep = 64 << 10;
    private const long RetryMilliseconds = 1000;

    private readonly Lock _gate = new();
    private readonly StateLayout _layout;
    private readonly Func<long, long, bool> _take;
    private readonly RunningRecord _running;
    private readonly Action _full;

    // One past what may be used. Raised under the lock when the space is there and the running values say so; read by
    // anyone without it: whoever sees it raised finds the space taken.
    private int _pagesEnd;
    private int _rowsEnd;

    private long _tryAgainAt;
    private bool _isFull;

    /// <param name="layout">Where pages and rows stand.</param>
    /// <param name="running">Holds how far they were used, which is what a recovery looks at.</param>
    /// <param name="take">Takes a range of the file.</param>
    /// <param name="full">Called when the disk is found full, once until it is not.</param>
    public StateSpace(StateLayout layout, RunningRecord running, Func<long, long, bool> take, Action full)
    {
        _layout = layout;
        _take = take;
        _running = running;
        _full = full;
    }

    public bool TryTakePage(int page) => page < Volatile.Read(ref _pagesEnd) || TryGrow(page + 1, 0);

    public bool TryTakeRow(int row) => row < Volatile.Read(ref _rowsEnd) || TryGrow(0, row + 1);

    /// <summary>Takes space for the head of a file and for what is in use of it: a copy of it may have lost that.</summary>
    public bool TryTakeUsed(int pagesEnd, int rowsEnd)
        => _take(0, StateLayout.WordsAt) && ((pagesEnd == 0 && rowsEnd == 0) || TryGrow(pagesEnd, rowsEnd));

    /// <summary>Goes on to the next step when the present one is nearly used up.</summary>
    public void TakeAhead(int pagesUsed, int rowsUsed)
    {
        _ = TryTakePage(Math.Min(pagesUsed + (PageStep / 2), _layout.Pages - 1));
        _ = TryTakeRow(Math.Min(rowsUsed + (RowStep / 2), _layout.Rows - 1));
    }

    private bool TryGrow(int pagesEnd, int rowsEnd)
    {
        lock (_gate)
        {
            if (pagesEnd <= _pagesEnd && rowsEnd <= _rowsEnd)
            {
                return true;
            }

            if (Environment.TickCount64 < _tryAgainAt)
            {
                return false;
            }

            pagesEnd = Math.Min(Ceiling(pagesEnd, PageStep), _layout.Pages);
            rowsEnd = Math.Min(Ceiling(rowsEnd, RowStep), _layout.Rows);
            if (!TryTakePages(_pagesEnd, pagesEnd) || !TryTakeRows(_rowsEnd, rowsEnd))
            {
                _tryAgainAt = Environment.TickCount64 + RetryMilliseconds;
                Report();
                return false;
            }

            _isFull = false;
            _running.Reserved(pagesEnd, rowsEnd);
            Volatile.Write(ref _pagesEnd, Math.Max(_pagesEnd, pagesEnd));
            Volatile.Write(ref _rowsEnd, Math.Max(_rowsEnd, rowsEnd));
            return true;
        }
    }

    private void Report()
    {
        if (!_isFull)
        {
            _isFull = true;
            _full();
        }
    }

    private bool TryTakePages(int from, int to) => to <= from
        || (Take(StateLayout.WordsAt, sizeof(int), from, to) && Take(_layout.BlocksAt, SizeClasses.PageSize, from, to));

    private bool TryTakeRows(int from, int to) => to <= from
        || (Take(_layout.LastSeenAt, sizeof(long), from, to)
            && Take(_layout.GroupAt, sizeof(int), from, to)
            && _take(_layout.UpAt + (from / 8), (to - from + 7) / 8));

    private bool Take(long section, int length, int from, int to)
        => _take(section + ((long)from * length), (long)(to - from) * length);

    private static int Ceiling(int value, int step) => (int)Math.Min((value + (long)step - 1) / step * step, int.MaxValue);
}
