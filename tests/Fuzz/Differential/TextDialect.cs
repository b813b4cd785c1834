namespace LivenessEngine.Fuzz.Differential;

internal sealed class TextDialect : IDialect
{
    public string FlushAll => "flush_all\r\n";

    public Versions NewVersions() => new("0", "18446744073709551614");

    public List<string> Split(string requests) => RequestFrames.Split(requests);

    public bool IsWhole(string requests) => RequestFrames.IsWhole(requests);

    public Sequence CommonGround(Sequence sequence) => Differential.CommonGround.Of(sequence);

    public string Mark(long number) => $"mg mark O~{number}\r\n";

    public string MarkReply(long number) => $"EN O~{number}\r\n";

    public List<string> Read(string replies, Versions versions) => ReplyText.Read(replies, versions);

    public bool IsReadTooFar(Sequence sequence, string ours, string theirs) => ReplyText.IsReadTooFar(sequence, ours, theirs);

    public bool IsSame(string ours, string theirs) => ReplyText.IsSame(ours, theirs);
}
