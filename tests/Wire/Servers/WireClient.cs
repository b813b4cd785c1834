using System.Text;
using LivenessEngine.Testing;

namespace LivenessEngine.Wire.Servers;

/// <summary>A connection to a server.</summary>
internal sealed class WireClient(Stream stream, Action endRequests) : IAsyncDisposable
{
    private readonly byte[] _buffer = new byte[64 << 10];
    private readonly StringBuilder _unread = new();

    /// <summary>What has come and was not taken, each character a byte.</summary>
    public string Unread => _unread.ToString();

    /// <summary>The server has closed.</summary>
    public bool IsClosed { get; private set; }

    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The server has closed already; what it said before is what counts.
        }
    }

    public void EndRequests() => endRequests();

    /// <summary>Reads until the condition holds, or the server closes.</summary>
    public async Task ReadUntilAsync(Func<string, bool> condition)
    {
        while (!condition(Unread) && !IsClosed)
        {
            int length;
            try
            {
                length = await Eventually.Of(
                    stream.ReadAsync(_buffer, TestContext.Current.CancellationToken).AsTask(), $"a reply after '{Unread}'");
            }
            catch (IOException)
            {
                length = 0;
            }

            IsClosed = length == 0;
            _unread.Append(Encoding.Latin1.GetString(_buffer, 0, length));
        }
    }

    public void Take(int length) => _unread.Remove(0, length);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
