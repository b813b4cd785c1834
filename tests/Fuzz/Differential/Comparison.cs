using System.Text;

namespace LivenessEngine.Fuzz.Differential;

/// <summary>Asks two servers the same, and tells where they answer otherwise.</summary>
internal sealed class Comparison(IDialect dialect, IPeer ours, IPeer theirs)
{
    private long _marks;

    /// <summary>How many requests were answered alike.</summary>
    public long Requests { get; private set; }

    /// <summary>Plays sequences side by side, stage by stage; returns those in which a difference was seen, or all of them when the ends of the replies were lost.</summary>
    public IReadOnlyList<Sequence> Play(IReadOnlyList<Sequence> sequences)
    {
        var versions = sequences.Select(_ => (Ours: dialect.NewVersions(), Theirs: dialect.NewVersions())).ToArray();
        var different = new HashSet<Sequence>();
        long requests = 0;
        for (int stage = 0; stage < sequences.Max(sequence => sequence.Stages.Count); stage++)
        {
            var ourRequests = new StringBuilder();
            var theirRequests = new StringBuilder();
            long firstMark = _marks + 1;
            foreach ((Sequence sequence, (Versions ourVersions, Versions theirVersions)) in sequences.Zip(versions))
            {
                string text = stage < sequence.Stages.Count ? sequence.Stages[stage] : "";
                string mark = dialect.Mark(++_marks);
                ourRequests.Append(Sequence.Fill(text, ourVersions)).Append(mark);
                theirRequests.Append(Sequence.Fill(text, theirVersions)).Append(mark);
                requests += dialect.Split(text).Count;
            }

            string[]? ourReplies = Split(ours.Ask(ourRequests.ToString(), dialect.MarkReply(_marks)), firstMark);
            string[]? theirReplies = Split(theirs.Ask(theirRequests.ToString(), dialect.MarkReply(_marks)), firstMark);
            if (ourReplies is null || theirReplies is null)
            {
                return sequences;
            }

            for (int i = 0; i < sequences.Count; i++)
            {
                if (Difference(sequences[i], ourReplies[i], versions[i].Ours, theirReplies[i], versions[i].Theirs) is not null)
                {
                    different.Add(sequences[i]);
                }
            }
        }

        Requests += different.Count == 0 ? requests : 0;
        return [.. different];
    }

    /// <summary>Plays one sequence on connections of its own and empty servers; what differs, or null. Its last stage may be cut off.</summary>
    public string? PlayAlone(Sequence sequence)
    {
        ours.AskAlone(dialect.FlushAll);
        theirs.AskAlone(dialect.FlushAll);
        var (ourVersions, theirVersions) = (dialect.NewVersions(), dialect.NewVersions());
        foreach (string stage in sequence.Stages)
        {
            string ourReplies = ours.AskAlone(Sequence.Fill(stage, ourVersions));
            string theirReplies = theirs.AskAlone(Sequence.Fill(stage, theirVersions));
            if (Difference(sequence, ourReplies, ourVersions, theirReplies, theirVersions) is { } difference)
            {
                return difference;
            }
        }

        Requests += sequence.Stages.Sum(stage => dialect.Split(stage).Count);
        return null;
    }

    // By the marks; null where one of them is not there.
    private string[]? Split(string replies, long firstMark)
    {
        var parts = new string[_marks - firstMark + 1];
        int at = 0;
        for (long mark = firstMark; mark <= _marks; mark++)
        {
            string end = dialect.MarkReply(mark);
            int found = replies.IndexOf(end, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return null;
            }

            parts[mark - firstMark] = replies[at..found];
            at = found + end.Length;
        }

        return parts;
    }

    private string? Difference(Sequence sequence, string ours, Versions ourVersions, string theirs, Versions theirVersions)
    {
        List<string> ourReplies = dialect.Read(ours, ourVersions);
        List<string> theirReplies = dialect.Read(theirs, theirVersions);
        for (int i = 0; !ourVersions.IsOver && i < Math.Max(ourReplies.Count, theirReplies.Count); i++)
        {
            string our = i < ourReplies.Count ? ourReplies[i] : "(nothing)";
            string their = i < theirReplies.Count ? theirReplies[i] : "(nothing)";
            ourVersions.IsOver = dialect.IsReadTooFar(sequence, our, their);
            if (!ourVersions.IsOver && !dialect.IsSame(our, their))
            {
                return $"reply {i + 1}: ours '{Shown.Text(our)}', memcached's '{Shown.Text(their)}'";
            }
        }

        return null;
    }
}
