namespace LivenessEngine.Testing;

/// <summary>A folder of a test's own, gone with it. Its path is short, because that of a unix socket has to be.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lv-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
