using LivenessEngine.Wire.Cuts;
using LivenessEngine.Wire.Exchanges;

namespace LivenessEngine.Wire;

/// <summary>The whole table on our server without a network, each request cut in every way that a network may cut it.</summary>
public sealed class MemoryTests(MemoryTests.Players players) : IClassFixture<MemoryTests.Players>
{
    private const int MostSegments = 4000;
    private const int Longest = 5_000_000;

    public static TheoryData<string> Names => [.. ExchangeTable.All.Select(exchange => exchange.Name)];

    public static TheoryData<string> NamesThatMayBeCut
        => [.. ExchangeTable.All.Where(exchange => exchange.WhyWhole is null).Select(exchange => exchange.Name)];

    public static TheoryData<string> NamesThatMayEnd
        => [.. ExchangeTable.All.Where(exchange => exchange.Steps.Sum(step => step.Send.Length) < Longest).Select(exchange => exchange.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Whole(string name) => Play(name, _ => []);

    [Theory, MemberData(nameof(NamesThatMayBeCut))]
    public void In_two_reads_at_every_place(string name) => Play(name, lengths => AtEveryPlace(lengths, Reads.InTwo));

    [Theory, MemberData(nameof(NamesThatMayBeCut))]
    public void In_two_segments_at_every_place(string name)
        => Play(name, lengths => AtEveryPlace(lengths, (step, at) => Segments.InTwo(step, at, inOneRead: true)));

    [Theory, MemberData(nameof(NamesThatMayBeCut))]
    public void In_two_reads_and_segments_at_every_place(string name)
        => Play(name, lengths => AtEveryPlace(lengths, (step, at) => Segments.InTwo(step, at, inOneRead: false)));

    [Theory, MemberData(nameof(NamesThatMayBeCut))]
    public void Byte_by_byte(string name)
        => Play(name, lengths => lengths.Sum() > MostSegments
            ? [Reads.OfOneByte()]
            : [Reads.OfOneByte(), Segments.OfOneByte(inOneRead: false), Segments.OfOneByte(inOneRead: true)]);

    [Theory, MemberData(nameof(NamesThatMayEnd))]
    public void Cut_off_by_the_end_of_the_stream_at_every_place(string name)
        => Play(name, lengths => AtEveryPlace(lengths, (step, at) => new EndOfStream(step, at)));

    private void Play(string name, Func<IReadOnlyList<int>, IEnumerable<ICut>> cuts)
    {
        Exchange exchange = ExchangeTable.Named(name);
        MemoryPlayer player = players.For(exchange);
        player.Play(exchange, Reads.Whole());
        foreach (ICut cut in cuts([.. player.Lengths]))
        {
            player.Play(exchange, cut);
        }
    }

    private static IEnumerable<ICut> AtEveryPlace(IReadOnlyList<int> lengths, Func<int, int, ICut> cut)
        => lengths.SelectMany((length, step) => Pieces.PlacesIn(length).Select(at => cut(step, at)));

    /// <summary>One player for all rows with the same flags.</summary>
    public sealed class Players : IAsyncDisposable
    {
        private readonly Dictionary<string, MemoryPlayer> _players = [];

        public async ValueTask DisposeAsync()
        {
            foreach (MemoryPlayer player in _players.Values)
            {
                await player.DisposeAsync();
            }
        }

        internal MemoryPlayer For(Exchange exchange)
        {
            // A row that fills all memory leaves other rows a server that is not as good as new.
            string key = exchange.Flags.Contains("-m") ? exchange.Name : string.Join(' ', exchange.Flags);
            if (!_players.TryGetValue(key, out MemoryPlayer? player))
            {
                _players[key] = player = new MemoryPlayer(exchange.Flags);
            }

            return player;
        }
    }
}
