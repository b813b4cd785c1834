using System.Buffers.Binary;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>Asks a loop how it does.</summary>
internal sealed class LoopProbe(Socket socket) : IDisposable
{
    private readonly byte[] _answer = new byte[LoopServer.ProbeBytes];

    /// <summary>
    /// Bytes that the loop's thread has allocated so far, and buffers and pipes that are with connections; one pipe is with
    /// who answers this.
    /// </summary>
    public (long Allocated, long Buffers, long Pipes) Ask()
    {
        socket.Send([1]);
        for (int at = 0; at < _answer.Length;)
        {
            int received = socket.Receive(_answer.AsSpan(at));
            Assert.NotEqual(0, received);
            at += received;
        }

        return (Number(0), Number(1), Number(2));
    }

    public void Dispose() => socket.Dispose();

    private long Number(int index) => BinaryPrimitives.ReadInt64LittleEndian(_answer.AsSpan(index * sizeof(long)));
}
