using System.Text;
using BenchmarkDotNet.Attributes;
using LivenessEngine.Memcached.Nova;

namespace LivenessEngine.Benchmarks;

/// <summary>What does it cost to recognise Nova's heartbeats among what is stored, and to refuse what is none?</summary>
[MemoryDiagnoser]
public class HeartbeatBench
{
    // As python-memcached sends it: protocol 0.
    private readonly byte[] _text = Encoding.Latin1.GetBytes(
        "ccopy_reg\n_reconstructor\np0\n(cdogpile.cache.api\nCachedValue\np1\nc__builtin__\ntuple\np2\n(cdatetime\ndatetime\np3\n"
        + "(c_codecs\nencode\np4\n(V\x07\xea\x07\x01\x0c\"8\x01\xe2@\np5\nVlatin1\np6\ntp7\nRp8\ntp9\nRp10\n(dp11\nVct\np12\n"
        + "F1782909296.123456\nsVv\np13\nI2\nstp14\ntp15\nRp16\n.");

    // As pymemcache sends it, but for the protocol's number.
    private readonly byte[] _double = new byte[CachedDateTimeWriter.Length];
    private readonly HeartbeatShapes _shapes = new();
    private readonly byte[] _other = new byte[CachedDateTimeWriter.Length];

    [GlobalSetup]
    public void Setup()
    {
        CachedDateTimeWriter.Write(DateTime.UtcNow, _double);
        _double.CopyTo(_other, 0);
        _other[20] = (byte)'x';
        if (!ReadText() || !ReadDouble() || RefuseOther())
        {
            throw new InvalidOperationException("a heartbeat is not read as what it is");
        }
    }

    [Benchmark]
    public bool ReadText() => CachedDateTimeReader.TryRead(_text, CachedDateTime.PickledFlag, out _);

    [Benchmark]
    public bool ReadDouble() => CachedDateTimeReader.TryRead(_double, CachedDateTime.PickledFlag, out _);

    [Benchmark]
    public bool ReadKnownText() => _shapes.TryRead(_text, CachedDateTime.PickledFlag, out _);

    [Benchmark]
    public bool ReadKnownDouble() => _shapes.TryRead(_double, CachedDateTime.PickledFlag, out _);

    [Benchmark]
    public bool RefuseOther() => CachedDateTimeReader.TryRead(_other, CachedDateTime.PickledFlag, out _);
}
