using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Exchanges;

/// <summary>
/// A row of the table: what a client sends on a fresh connection to an empty server, and what comes back. The expectation
/// is what memcached answers, and is tried on a real one.
/// </summary>
internal sealed class Exchange
{
    private readonly List<Step> _steps = [];
    private bool _endsInText;

    private Exchange(string name, string send, string expect)
    {
        Name = name;
        Then(send, expect);
    }

    public string Name { get; }

    public IReadOnlyList<Step> Steps => _steps;

    /// <summary>The server closes the connection; otherwise it goes on to serve it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The client has not said all that it announced, so that nothing more can be asked.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>The server's flags.</summary>
    public IReadOnlyList<string> Flags { get; private set; } = [];

    /// <summary>The server has served nobody before.</summary>
    public bool IsOnNewServer { get; private set; }

    /// <summary>Why the request is not sent in pieces; null where it is.</summary>
    public string? WhyWhole { get; private set; }

    /// <summary>Why there is nothing to compare with at memcached; null where there is.</summary>
    public string? WhyOnlyOurs { get; private set; }

    /// <summary>
    /// What shows, asked at the end, that the connection is served on and that nothing more came before it, and the answer; in
    /// the protocol that the row speaks.
    /// </summary>
    public Step LastStep => Steps[0].Send[0] == '\u0080' && !_endsInText
        ? new Step { Send = Packets.Ask, Expect = Packets.Answered }
        : new Step { Send = "version\r\n", Expect = "VERSION {word}\r\n" };

    public bool TakesTime => _steps.Exists(step => step.After > TimeSpan.Zero);

    /// <summary>A row with its first step.</summary>
    public static Exchange Row(string name, string send, string expect) => new(name, send, expect);

    /// <summary>A further step, sent when the reply to the one before has come.</summary>
    public Exchange Then(string send, string expect)
    {
        _steps.Add(new Step { Send = send, Expect = expect });
        return this;
    }

    /// <summary>A further step, so many seconds after the one before.</summary>
    public Exchange After(double seconds, string send, string expect)
    {
        _steps.Add(new Step { Send = send, Expect = expect, After = TimeSpan.FromSeconds(seconds) });
        return this;
    }

    /// <summary>What memcached 1.6.18 answers to the last step.</summary>
    public Exchange Older(string expect) => Change(step => step with { Older = expect });

    /// <summary>What we answer to the last step, where we differ from every memcached.</summary>
    /// <param name="expect">The reply.</param>
    /// <param name="why">Why it is better so. For the reader.</param>
    public Exchange Ours(string expect, string why)
    {
        ArgumentException.ThrowIfNullOrEmpty(why);
        return Change(step => step with { Ours = expect });
    }

    /// <summary>What is among the last reply's STAT lines: <c>name value</c>.</summary>
    public Exchange WithStats(params string[] lines) => Change(step => step with { Stats = lines });

    /// <summary>Which names are among the last reply's STAT lines.</summary>
    public Exchange WithStatNames(params string[] names) => Change(step => step with { StatNames = names });

    /// <summary>It begins as the binary protocol does, and is text.</summary>
    public Exchange EndsInText()
    {
        _endsInText = true;
        return this;
    }

    public Exchange Closed()
    {
        IsClosed = true;
        return this;
    }

    public Exchange Unfinished()
    {
        IsUnfinished = true;
        return this;
    }

    public Exchange With(params string[] flags)
    {
        Flags = flags;
        return OnNewServer();
    }

    public Exchange OnNewServer()
    {
        IsOnNewServer = true;
        return this;
    }

    public Exchange InOnePiece(string why)
    {
        WhyWhole = why;
        return this;
    }

    public Exchange OnlyOurs(string why)
    {
        WhyOnlyOurs = why;
        return this;
    }

    public override string ToString() => Name;

    private Exchange Change(Func<Step, Step> change)
    {
        _steps[^1] = change(_steps[^1]);
        return this;
    }
}
