using System.Globalization;

namespace LivenessEngine.Tools.Faults.Servers;

/// <summary>A wall clock of a process's own, which can be set while it runs: libfaketime, with the monotonic clock left alone.</summary>
internal sealed class FakeClock
{
    private static readonly string[] Places =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib64/faketime/libfaketimeMT.so.1",
    ];

    private readonly string _file;

    public FakeClock(string folder)
    {
        _file = Path.Combine(folder, "clock");
        Set(TimeSpan.Zero);
    }

    /// <summary>Where it is installed; null where it is not (Debian: apt-get install libfaketime).</summary>
    public static string? Library { get; } = Array.Find(Places, File.Exists);

    public IEnumerable<KeyValuePair<string, string>> Environment =>
    [
        new("LD_PRELOAD", Library!),
        new("FAKETIME_TIMESTAMP_FILE", _file),
        new("FAKETIME_CACHE_DURATION", "1"),
        new("DONT_FAKE_MONOTONIC", "1"),
    ];

    /// <summary>How far ahead of the true time it is from now on, within a second.</summary>
    public void Set(TimeSpan ahead)
    {
        // Replaced as a whole, because the library reads it at moments of its own.
        string draft = _file + ".new";
        File.WriteAllText(draft, string.Create(CultureInfo.InvariantCulture, $"{(ahead < TimeSpan.Zero ? '-' : '+')}{Math.Abs(ahead.TotalSeconds):F0}\n"));
        File.Move(draft, _file, overwrite: true);
    }
}
