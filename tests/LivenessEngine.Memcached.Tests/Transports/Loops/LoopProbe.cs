using System.Buffers.Binary;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>Asks a loop how it does.</summary>
internal sealed class LoopProbe(Socket socket) : IDisposable
{
    private readonly byte[] _answer = new byte[2 * sizeof(long)];

    /// <summary>Bytes that the loop's thread has allocated so far, and buffers that are with connections.</summary>
    public (long Allocated, long Buffers) Ask()
    {
        socket.Send([1]);
        for (int at = 0; at < _answer.Length;)
        {
            int received = socket.Receive(_answer.AsSpan(at));
            Assert.NotEqual(0, received);
            at += received;
        }

        return (BinaryPrimitives.ReadInt64LittleEndian(_answer), BinaryPrimitives.ReadInt64LittleEndian(_answer.AsSpan(sizeof(long))));
    }

    public void Dispose() => socket.Dispose();
}
