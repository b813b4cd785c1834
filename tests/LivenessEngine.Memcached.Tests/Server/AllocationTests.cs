using System.IO.Pipelines;
using LivenessEngine.Memcached.Tests.Server.Binary;
using LivenessEngine.Table;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

/// <summary>From the first byte of a request to its reply nothing is allocated on the managed heap, once it is warm.</summary>
public sealed class AllocationTests : IAsyncDisposable
{
    private const int Times = 300;
    private const int Tries = 5;

    private readonly MemoryServer _server = new();
    private readonly MemoryConnection _client;

    public AllocationTests()
    {
        _client = _server.Connect();
        _client.Ask(GatedRequests.Before);
        using EpochGuard guard = _server.Engine.Table.Enter();
        _server.Engine.Table.Members.Join(guard, "compute:embedded"u8, 0, _server.Engine.Read(), out _);
    }

    public static TheoryData<string> Names => [.. GatedRequests.Names, .. GatedBinaryRequests.Names];

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory, MemberData(nameof(Names))]
    public void Whole_requests_allocate_nothing(string name)
    {
        (MemoryConnection client, byte[] request) = Named(name);

        Gate(() => Send(client, request, request.Length));
    }

    [Theory, MemberData(nameof(Names))]
    public void Requests_in_pieces_allocate_nothing(string name)
    {
        (MemoryConnection client, byte[] request) = Named(name);
        int piece = Math.Max(request.Length / 23, 7);

        Gate(() => Send(client, request, piece));
    }

    [Fact]
    public void A_cas_that_stores_allocates_nothing()
    {
        byte[] gets = Bytes.Of("gets small\r\n");
        byte[] reply = new byte[200];
        byte[] cas = new byte[200];

        Gate(() =>
        {
            int length = Ask(gets, reply);
            int start = "VALUE small 1 5 ".Length;
            ReadOnlySpan<byte> version = reply.AsSpan(start, reply.AsSpan(0, length).IndexOf((byte)'\r') - start);
            int at = Put(cas, 0, "cas small 1 0 5 "u8);
            at = Put(cas, at, version);
            at = Put(cas, at, "\r\nabcde\r\n"u8);
            Assert.True(Ask(cas.AsSpan(0, at), reply) == "STORED\r\n"u8.Length);
        });
        Assert.Equal("0", _server.Stat("cas_badval"));
    }

    [Fact]
    public void A_connection_that_comes_back_from_the_pool_serves_without_allocating()
    {
        _client.EndRequests();
        MemoryConnection next = _server.Connect();
        byte[] request = Bytes.Of("get small\r\n");

        Gate(() => Send(next, request, request.Length));
    }

    private static int Put(byte[] target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target.AsSpan(at));
        return at + bytes.Length;
    }

    // A request, and a connection that speaks its protocol.
    private (MemoryConnection Client, byte[] Request) Named(string name)
        => GatedBinaryRequests.TryGet(name, out string? binary)
            ? (_server.Connect(), Bytes.Of(binary!))
            : (_client, Bytes.Of(GatedRequests.Named(name)));

    // As the network brings it and takes it: no larger pieces than a socket's, and the replies as they come.
    private static void Send(MemoryConnection client, byte[] request, int piece)
    {
        for (int at = 0; at < request.Length; at += piece)
        {
            Write(client, request.AsSpan(at, Math.Min(piece, request.Length - at)));
            Take(client, default);
        }
    }

    private int Ask(ReadOnlySpan<byte> request, Span<byte> reply)
    {
        Write(_client, request);
        return Take(_client, reply);
    }

    private static void Write(MemoryConnection client, ReadOnlySpan<byte> bytes)
    {
        PipeWriter requests = client.Requests;
        bytes.CopyTo(requests.GetSpan(bytes.Length));
        requests.Advance(bytes.Length);
        ValueTask<FlushResult> flushed = requests.FlushAsync();
        Assert.True(flushed.IsCompletedSuccessfully);
    }

    private static int Take(MemoryConnection client, Span<byte> reply)
    {
        int length = 0;
        while (client.Replies.TryRead(out ReadResult read))
        {
            foreach (ReadOnlyMemory<byte> part in read.Buffer)
            {
                if (!reply.IsEmpty)
                {
                    part.Span.CopyTo(reply[length..]);
                }

                length += part.Length;
            }

            client.Replies.AdvanceTo(read.Buffer.End);
        }

        return length;
    }

    // The runtime's array pool gives its arrays back now and then, at a collection; so the least of some tries counts.
    private static void Gate(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least > 0; i++)
        {
            least = Math.Min(least, AllocatedBy(action));
        }

        Assert.Equal(0, least);
    }

    private static long AllocatedBy(Action action)
    {
        // Warm: what is made once is made, and the code is compiled.
        for (int i = 0; i < Times; i++)
        {
            action();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
