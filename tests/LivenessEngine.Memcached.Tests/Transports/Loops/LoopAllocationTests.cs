using System.Net.Sockets;
using LivenessEngine.Memcached.Tests.Server;
using LivenessEngine.Table;

namespace LivenessEngine.Memcached.Tests.Transports.Loops;

/// <summary>Nothing is allocated from the receipt of a request to the sending of its reply, on the loop's thread.</summary>
public abstract class LoopAllocationTests(MemcachedTransport transport) : IAsyncLifetime
{
    private const int Times = 50;
    private const int Tries = 5;

    // Asked last, so that its answer ends the replies, however many there are.
    private const string Last = "version\r\n";

    private static readonly byte[] LastAnswer = Bytes.Of("VERSION 1.6.45\r\n");

    private readonly LoopServer _server = new(transport);
    private readonly byte[] _replies = new byte[64 << 10];
    private Socket _client = null!;
    private LoopProbe _probe = null!;

    public static TheoryData<string> Names => [.. GatedRequests.Names];

    public async ValueTask InitializeAsync()
    {
        _client = await _server.ConnectAsync();
        _client.NoDelay = true;
        _probe = await _server.ProbeAsync();
        Ask(Bytes.Of(GatedRequests.Before + Last), int.MaxValue);
        using EpochGuard guard = _server.Engine.Table.Enter();
        _server.Engine.Table.Members.Join(guard, "compute:embedded"u8, 0, _server.Engine.Read(), out _);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        _probe.Dispose();
        await _server.DisposeAsync();
    }

    [Theory, MemberData(nameof(Names))]
    public void Whole_requests_allocate_nothing(string name) => Gate(name, int.MaxValue);

    [Theory, MemberData(nameof(Names))]
    public void Requests_in_pieces_allocate_nothing(string name) => Gate(name, GatedRequests.Named(name).Length / 5);

    // The runtime's array pool gives its arrays back now and then, at a collection; so the least of some tries counts.
    private void Gate(string name, int piece)
    {
        byte[] request = Bytes.Of(GatedRequests.Named(name) + Last);
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least > 0; i++)
        {
            AskOften(request, piece);
            long before = _probe.Ask().Allocated;
            AskOften(request, piece);
            least = Math.Min(least, _probe.Ask().Allocated - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(0, _probe.Ask().Buffers);
    }

    private void AskOften(byte[] request, int piece)
    {
        for (int i = 0; i < Times; i++)
        {
            Ask(request, piece);
        }
    }

    private void Ask(byte[] request, int piece)
    {
        for (int at = 0; at < request.Length;)
        {
            at += _client.Send(request.AsSpan(at, Math.Min(piece, request.Length - at)));
        }

        int length = 0;
        do
        {
            int received = _client.Receive(_replies.AsSpan(length));
            Assert.NotEqual(0, received);
            length += received;
            if (length > _replies.Length / 2)
            {
                // The end is all that matters.
                _replies.AsSpan(length - LastAnswer.Length, LastAnswer.Length).CopyTo(_replies);
                length = LastAnswer.Length;
            }
        }
        while (!_replies.AsSpan(0, length).EndsWith(LastAnswer));
    }
}
