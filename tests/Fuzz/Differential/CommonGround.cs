namespace LivenessEngine.Fuzz.Differential;

/// <summary>
/// Goes through a sequence of requests and tells how far both servers can be expected to answer alike: up to the first that
/// the older memcached answers in its own way, or in a way that depends on what lies in its memory.
/// </summary>
internal sealed class CommonGround
{
    // A number that has more behind it is none for us.
    private const int MostDigits = 30_000;

    private readonly HeldItems _held = new();
    private readonly HashSet<string> _blank = [];

    public static Sequence Of(Sequence sequence)
    {
        var ground = new CommonGround();
        var stages = new List<string>();
        foreach (string stage in sequence.Stages)
        {
            // What begins with this byte is of the binary protocol, which has a ground of its own.
            string common = stages.Count == 0 && stage.StartsWith('\u0080') ? "" : ground.OfStage(stage);
            stages.Add(common);
            if (common.Length < stage.Length)
            {
                break;
            }
        }

        return new Sequence(stages);
    }

    // Besides, the shortest line that 1.6.45 looks at has four bytes. What is cut off inside of a data block is left out too: memcached keeps back what it has to say until the block is there.
    private string OfStage(string stage)
    {
        _held.BeginStage();
        int at = 0;
        while (at < stage.Length)
        {
            string line = RequestFrames.LineAt(stage, at);
            int end = RequestFrames.EndOf(stage, at);
            int data = stage.IndexOf('\n', at) + 1;
            if (OlderMemcached.WhyOther(line) is not null || stage.AsSpan(at).StartsWith("mn\n") || (data > 0 && end > stage.Length))
            {
                return stage[..at];
            }

            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && !TryTake(words, end > data && data > 0 ? stage[data..end] : null))
            {
                return stage[..at];
            }

            at = end;
        }

        return stage;
    }

    private bool TryTake(string[] words, string? data)
    {
        switch (words[0])
        {
            case "get" or "gets" or "gat" or "gats":
                _held.Read(words.AsSpan(1));
                return true;
            case "touch":
                _held.Touch(words[1]);
                return true;
            case "mg":
                _held.Read(words[1]);
                if (words.Skip(2).Any(word => word[0] == 'N'))
                {
                    _blank.Add(words[1]);
                }

                return true;

            // In white space memcached looks for the number behind the value, in what was in its memory before.
            case "incr" or "decr" or "ma":
                return !_held.May(words[1]) && !_blank.Contains(words[1]);
            default:
                if (data is not null && (string.IsNullOrWhiteSpace(data) || data.Length > MostDigits))
                {
                    _blank.Add(words[1]);
                }

                return true;
        }
    }
}
