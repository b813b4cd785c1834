using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>
/// Writes the running values into the file, into two slots by turns: whoever is killed in the middle of one has left the
/// other whole.
/// </summary>
/// <remarks>Locked, because a flush on any thread writes too. No request comes here but a flush, which is rare.</remarks>
internal sealed unsafe class RunningRecord
{
    private const int SlotAt = 1024;
    private const int SlotLength = 4096;

    private readonly Lock _gate = new();
    private readonly byte* _slots;
    private RunningValues _present;

    /// <param name="file">The start of the mapped file, which the owner keeps mapped.</param>
    public RunningRecord(byte* file)
    {
        _slots = file + SlotAt;
        RunningValues first = *(RunningValues*)_slots, second = *(RunningValues*)(_slots + SlotLength);
        IsSound = first.IsSound || second.IsSound;
        _present = !second.IsSound || (first.IsSound && first.Sequence > second.Sequence) ? first : second;
        if (!IsSound)
        {
            _present = default;
        }
    }

    /// <summary>Whether the file held values that can be trusted.</summary>
    public bool IsSound { get; }

    public RunningValues Present
    {
        get
        {
            lock (_gate)
            {
                return _present;
            }
        }
    }

    /// <summary>Takes over what another file held.</summary>
    public void Begin(in RunningValues values)
    {
        lock (_gate)
        {
            _present = values;
            Write();
        }
    }

    public void Ticked(in Moment now, ulong cas, long flushAt, in SavedCredit credit, long latestTime)
    {
        lock (_gate)
        {
            _present.Liveness = now.Liveness;
            _present.UnixMilliseconds = now.UnixMilliseconds;
            _present.Cas = Math.Max(_present.Cas, cas);
            _present.FlushAt = flushAt;
            _present.Credit = credit;
            _present.LatestTime = latestTime;
            Write();
        }
    }

    /// <summary>Before a flush is acknowledged.</summary>
    public void Flushed(ulong cas, bool members)
    {
        lock (_gate)
        {
            _present.FlushedCas = Math.Max(_present.FlushedCas, cas);
            _present.FlushedMembersCas = Math.Max(_present.FlushedMembersCas, members ? cas : 0);
            _present.Cas = Math.Max(_present.Cas, cas);
            Write();
        }
    }

    public void FlushesAt(long appointment)
    {
        lock (_gate)
        {
            _present.FlushAt = appointment;
            Write();
        }
    }

    /// <summary>Before a page or a row of the range is used.</summary>
    public void Reserved(int pagesEnd, int rowsEnd)
    {
        lock (_gate)
        {
            _present.PagesEnd = Math.Max(_present.PagesEnd, pagesEnd);
            _present.RowsEnd = Math.Max(_present.RowsEnd, rowsEnd);
            Write();
        }
    }

    public void Started()
    {
        lock (_gate)
        {
            _present.Starts++;
            _present.IsClean = 0;
            Write();
        }
    }

    public void Stopped()
    {
        lock (_gate)
        {
            _present.IsClean = 1;
            Write();
        }
    }

    private void Write()
    {
        _present.Sequence++;
        _present.Seal();
        *(RunningValues*)(_slots + ((int)(_present.Sequence & 1) * SlotLength)) = _present;
    }
}
