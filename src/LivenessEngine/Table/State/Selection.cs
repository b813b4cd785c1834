using System.Runtime.Intrinsics.X86;
using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>
/// Which of the sound blocks of a state file are in the table: one for each key, no expired item, each member's row and each
/// chunk its own.
/// </summary>
internal sealed unsafe class Selection
{
    private const int Ahead = 8;

    private readonly SavedBlocks _saved;
    private readonly Survey _survey;
    private readonly Moment _now;
    private readonly RunningValues _running;
    private readonly bool[] _groups;

    private Selection(SavedBlocks saved, Survey survey, in Moment now)
    {
        _saved = saved;
        _survey = survey;
        _now = now;
        _running = saved.Image.Running.Present;
        _groups = Array.ConvertAll(saved.Image.Groups.Read(), name => name is not null);
        Blocks = new List<ulong>(survey.Blocks.Length);
        Claimed = new Claims((long)saved.PagesEnd * PageTable.MaskWords * 64);
        Rows = new Claims(saved.Image.Layout.Rows);
        Dropped = survey.Damaged;
    }

    /// <summary>Offsets of the heads, in the order of the list.</summary>
    public List<ulong> Blocks { get; }

    /// <summary>By page and number: heads and chunks.</summary>
    public Claims Claimed { get; }

    /// <summary>Rows of members.</summary>
    public Claims Rows { get; }

    public long Members { get; private set; }

    /// <summary>The highest number of a version.</summary>
    public ulong NewestCas { get; private set; }

    public long Dropped { get; private set; }

    public long Expired { get; private set; }

    public static Selection From(SavedBlocks saved, Survey survey, in Moment now)
    {
        var selection = new Selection(saved, survey, now);
        ReadOnlySpan<uint> orders = survey.Orders;
        for (int i = 0, end; i < orders.Length; i = end)
        {
            for (end = i + 1; end < orders.Length && orders[end] == orders[i]; end++)
            {
            }

            selection.Prefetch(end + Ahead);
            ReadOnlySpan<ulong> equal = survey.Blocks.AsSpan(i, end - i);
            foreach (ulong block in equal)
            {
                if (selection.IsPresent(block, equal))
                {
                    selection.Take(block);
                }
            }
        }

        return selection;
    }

    public static long NumberOf(ulong block, int sizeClass)
        => ((long)PageTable.PageOf(block) * PageTable.MaskWords * 64)
            + SizeClasses.BlockNumber(sizeClass, (int)(block & (SizeClasses.PageSize - 1)));

    private void Prefetch(int at)
    {
        if (Sse.IsSupported && at < _survey.Blocks.Length)
        {
            Sse.Prefetch0(_saved.At(_survey.Blocks[at]));
        }
    }

    // Of several versions under one key the newest was in the index; but before all of them one that is known to have been.
    private bool IsPresent(ulong block, ReadOnlySpan<ulong> others)
    {
        BlockHeader* head = _saved.At(block);
        int rank = RankOf(head, block);
        foreach (ulong other in others)
        {
            BlockHeader* rival = _saved.At(other);
            if (other != block && HashIndex.KeyOf(rival).SequenceEqual(HashIndex.KeyOf(head)))
            {
                int rivalRank = RankOf(rival, other);
                if (rivalRank > rank || (rivalRank == rank && (rival->Cas > head->Cas || (rival->Cas == head->Cas && other > block))))
                {
                    return false;
                }
            }
        }

        return rank > 0;
    }

    private int RankOf(BlockHeader* head, ulong block) => head->Publication switch
    {
        Publication.Done => 3,
        Publication.Replacing => HasReplaced(head, block) ? 2 : 0,
        Publication.Inserting => 1,
        _ => 0,
    };

    // There is one of these for each thread that was stopped between two steps.
    private bool HasReplaced(BlockHeader* head, ulong block)
    {
        foreach ((ulong replacement, ulong replaced) in _survey.Replaced)
        {
            BlockHeader* old = _saved.At(replaced);
            if (replacement == block && old->Hash == head->Hash && HashIndex.KeyOf(old).SequenceEqual(HashIndex.KeyOf(head)))
            {
                return true;
            }
        }

        return false;
    }

    private void Take(ulong block)
    {
        BlockHeader* head = _saved.At(block);
        bool isMember = head->Member != 0 && IsMembersRow(head->Member);
        if (!isMember)
        {
            if (head->Kind == BlockKind.Bare)
            {
                Dropped++;
                return;
            }

            if (head->Deadline <= _now.UnixMilliseconds || head->Cas <= _running.FlushedCas)
            {
                Expired += head->Cas <= _running.FlushedCas ? 0 : 1;
                return;
            }
        }

        if (head->Kind == BlockKind.Chunked && !TryClaimChain(head))
        {
            Dropped++;
            return;
        }

        SetMember(head, isMember);

        // A page that nothing is stored into is not written to the disk: so here, and below.
        if (head->Publication != Publication.Done)
        {
            head->Publication = Publication.Done;
        }

        Claimed.TryAdd(NumberOf(block, _saved.ClassOf(PageTable.PageOf(block))));
        Blocks.Add(block);
        NewestCas = Math.Max(NewestCas, head->Cas);
    }

    private bool IsMembersRow(int row)
    {
        if (row <= 0 || row >= _running.RowsEnd)
        {
            return false;
        }

        int group = _saved.Image.Group[row] - 1;
        return group >= 0 && group < _groups.Length && _groups[group] && !Rows.Contains(row);
    }

    // An item whose member is lost stays, as nobody's, and is no heartbeat any more: nobody's beats are never in time.
    private void SetMember(BlockHeader* head, bool isMember)
    {
        if (isMember)
        {
            Rows.TryAdd(head->Member);
            Members++;
        }
        else if (head->Member != 0)
        {
            head->Member = 0;
            head->Heartbeat = 0;
            head->HeartbeatTimeAt = 0;
            head->Checksum = BlockChecksum.Of(head);
            Dropped++;
        }
    }

    private bool TryClaimChain(BlockHeader* head)
    {
        ulong end = 0;
        for (ulong chunk = BlockStore.ChainOf(head); chunk != 0; chunk = _saved.At(chunk)->Next)
        {
            if (!Claimed.TryAdd(NumberOf(chunk)))
            {
                end = chunk;
                break;
            }

            // Nobody but this head holds it now.
            if (_saved.At(chunk)->Member != 1)
            {
                _saved.At(chunk)->Member = 1;
            }
        }

        for (ulong chunk = BlockStore.ChainOf(head); end != 0 && chunk != end; chunk = _saved.At(chunk)->Next)
        {
            Claimed.Remove(NumberOf(chunk));
        }

        return end == 0;
    }

    private long NumberOf(ulong block) => NumberOf(block, _saved.ClassOf(PageTable.PageOf(block)));
}
