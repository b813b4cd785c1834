using LivenessEngine.Table;
using LivenessEngine.Table.State;
using LivenessEngine.Testing;

namespace LivenessEngine.Tests.Table.State;

/// <summary>A state file in a folder of its own, and tables that live in it one after the other.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StateFolder() => Options = new StateFileOptions(_folder["state"]) { Warn = Warnings.Add };

    public StateFileOptions Options { get; set; }

    public TableOptions TableOptions { get; set; } = new() { MemoryLimit = 8 << 20 };

    public List<string> Warnings { get; } = [];

    public string Path => Options.Path;

    public StateFile? File { get; private set; }

    public RestoredState Restored { get; private set; } = RestoredState.None;

    public IEnumerable<string> SetAside => Directory.GetFiles(_folder.Path, "state.damaged-*");

    /// <summary>Starts as a new process would.</summary>
    public TestTable Start(DateTimeOffset? now = null)
    {
        DateTimeOffset at = now ?? DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);
        File = StateFile.Open(Options, TableOptions, at);
        var table = new TestTable(TableOptions with { State = File });
        Restored = table.Table.Restore(at);
        table.Now = new(Restored.Liveness, at.ToUnixTimeMilliseconds());
        return table;
    }

    /// <summary>Ends as a process that is killed: nothing is said to the file.</summary>
    public void Kill()
    {
        File?.Dispose();
        File = null;
    }

    /// <summary>Ends in order.</summary>
    public void Stop(TestTable table)
    {
        table.Table.Record(table.Now, default, 0);
        File?.Stop(TimeSpan.FromSeconds(5));
        Kill();
    }

    public TestTable Restart(DateTimeOffset? now = null)
    {
        Kill();
        return Start(now);
    }

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }
}
