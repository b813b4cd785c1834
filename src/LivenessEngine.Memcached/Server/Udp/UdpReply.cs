using System.Buffers;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Udp;

/// <summary>
/// A reply that is to leave as datagrams. It lies in one piece behind room for one header: each datagram's header takes the
/// place of what the datagram before it has sent already.
/// </summary>
internal sealed class UdpReply : IBufferWriter<byte>
{
    // What a large reply needed is not kept for the small ones that follow.
    private const int MostKept = 256 << 10;
    private const int Smallest = 8 << 10;

    private byte[] _bytes = new byte[Smallest];
    private int _end = UdpFrame.HeaderBytes;

    /// <summary>Bytes of the reply.</summary>
    public int Length => _end - UdpFrame.HeaderBytes;

    public int Datagrams => (Length + UdpFrame.MostPayload - 1) / UdpFrame.MostPayload;

    public void Clear()
    {
        _end = UdpFrame.HeaderBytes;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[Smallest];
        }
    }

    public void Advance(int count) => _end += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_end);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(Math.Max(sizeHint, 1));
        return _bytes.AsSpan(_end);
    }

    /// <summary>One of the datagrams. They are to be taken in their order, each once.</summary>
    public ReadOnlySpan<byte> Datagram(ushort request, int number)
    {
        int start = number * UdpFrame.MostPayload;
        Span<byte> datagram = _bytes.AsSpan(start, Math.Min(UdpFrame.MostBytes, _end - start));
        UdpFrame.Write(datagram, request, number, Datagrams);
        return datagram;
    }

    private void MakeRoom(int bytes)
    {
        if (_bytes.Length - _end < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _end + bytes));
        }
    }
}
