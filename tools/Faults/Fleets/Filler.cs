using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>A client that fills the cache with items, none of them ever stored twice, as fast as it can.</summary>
internal sealed class Filler
{
    private const int Batch = 500;
    private const string Digits = "D9";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // Most are as large as heartbeats, and compete with them in a server that keeps sizes apart.
    private static readonly int[] Sizes = [117, 117, 117, 600, 2000];

    private readonly Line _line;
    private readonly byte[] _request;
    private readonly int[] _numbers = new int[Batch];
    private readonly StoredReplies _replies = new();
    private int _stored;

    public Filler(int number, Line line)
    {
        _line = line;
        var request = new StringBuilder();
        for (int i = 0; i < Batch; i++)
        {
            int size = Sizes[i % Sizes.Length];
            request.Append(CultureInfo.InvariantCulture, $"set filler-{number:D3}-of-the-memory-with-number-");
            _numbers[i] = request.Length;
            request.Append(0.ToString(Digits, CultureInfo.InvariantCulture)).Append(CultureInfo.InvariantCulture, $" 0 0 {size}\r\n");
            request.Append('x', size).Append("\r\n");
        }

        _request = Encoding.ASCII.GetBytes(request.ToString());
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using (_line)
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (int at in _numbers)
                {
                    Utf8Formatter.TryFormat(_stored++, _request.AsSpan(at), out _, new System.Buffers.StandardFormat('D', 9));
                }

                _replies.Expect(Batch);
                if (!await _line.TryExchangeAsync(_request, _replies.Take, stop))
                {
                    await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}
