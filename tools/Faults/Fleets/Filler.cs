using System.Globalization;
using System.Text;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>A client that fills the cache with items of many sizes, none of them ever stored twice.</summary>
internal sealed class Filler(Line line)
{
    private const int Batch = 500;

    // Most are as large as heartbeats, and compete with them in a server that keeps sizes apart.
    private static readonly int[] Sizes = [117, 117, 117, 600, 2000];

    private readonly StoredReplies _replies = new();
    private long _stored;

    public async Task RunAsync(CancellationToken stop)
    {
        using (line)
        {
            while (!stop.IsCancellationRequested)
            {
                var request = new StringBuilder();
                for (int i = 0; i < Batch; i++)
                {
                    int size = Sizes[i % Sizes.Length];
                    request.Append(CultureInfo.InvariantCulture, $"set filler-of-the-memory-with-number-{_stored++:D9} 0 0 {size}\r\n").Append('x', size).Append("\r\n");
                }

                _replies.Expect(Batch);
                await line.TryExchangeAsync(Encoding.ASCII.GetBytes(request.ToString()), _replies.Take, stop);
            }
        }
    }
}
