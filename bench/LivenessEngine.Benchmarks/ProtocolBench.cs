using System.Buffers;
using BenchmarkDotNet.Attributes;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Benchmarks;

/// <summary>What do reading a request line and writing a reply cost?</summary>
[MemoryDiagnoser]
public class ProtocolBench
{
    private readonly byte[] _set = "set compute:node-0000001.rack001.example.org 1 0 236 "u8.ToArray();
    private readonly byte[] _get = "get compute:node-0000001.rack001.example.org"u8.ToArray();
    private readonly byte[] _touch = "touch compute:node-0000001.rack001.example.org 60"u8.ToArray();
    private readonly ArrayBufferWriter<byte> _output = new(1 << 16);

    [Benchmark]
    public int ParseSet() => Parse(_set);

    [Benchmark]
    public int ParseGet() => Parse(_get);

    [Benchmark]
    public int ParseTouch() => Parse(_touch);

    [Benchmark]
    public long WriteStored()
    {
        _output.ResetWrittenCount();
        var writer = new ReplyWriter(_output);
        writer.Write(Replies.Stored);
        writer.Complete();
        return writer.Written;
    }

    [Benchmark]
    public long WriteNumber()
    {
        _output.ResetWrittenCount();
        var writer = new ReplyWriter(_output);
        writer.Write(18_446_744_073_709_551_615UL);
        writer.Write("\r\n"u8);
        writer.Complete();
        return writer.Written;
    }

    private static int Parse(byte[] line)
    {
        _ = RequestParser.Parse(line, 2, out Request request);
        return request.Key.Length + request.ValueLength;
    }
}
