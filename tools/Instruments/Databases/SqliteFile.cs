namespace LivenessEngine.Tools.Instruments.Databases;

/// <summary>SQLite: no server, but a file.</summary>
internal sealed class SqliteFile : DatabaseServer
{
    public override string Url => $"sqlite:///{this["nova.sqlite"]}";

    protected override string? SchemaFile => null;

    protected override string User => "";

    protected override int EndSignal => Signals.Terminate;

    protected override Task InitializeAsync() => Task.CompletedTask;

    protected override string[] Command() => [];

    protected override Task<bool> AnswersAsync() => Task.FromResult(true);
}
