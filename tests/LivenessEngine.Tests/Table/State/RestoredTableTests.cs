using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

public sealed class RestoredTableTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_page_that_is_touched_comes_in_alone()
    {
        RestoredTable restored = RestoredTable.Open(_folder.Options, _folder.TableOptions, DateTimeOffset.UnixEpoch);
        using (restored.State)
        {
            // What the kernel says of the mapping: "rr" is random read advice (proc_pid_smaps(5)).
            string flags = File.ReadLines("/proc/self/smaps")
                .SkipWhile(line => !line.EndsWith(_folder.Path, StringComparison.Ordinal))
                .First(line => line.StartsWith("VmFlags:", StringComparison.Ordinal));
            Assert.Contains("rr", flags.Split(' '));
        }

        GC.KeepAlive(restored.Table);
    }
}
