using LivenessEngine.Testing;
using LivenessEngine.Wire.Exchanges;
using LivenessEngine.Wire.Servers;

namespace LivenessEngine.Wire;

/// <summary>Plays rows of the table on a server behind a stream, whole, and fails where the replies differ.</summary>
internal static class Player
{
    /// <summary>Plays a row on a server that nobody else uses meanwhile.</summary>
    public static async Task PlayAsync(Exchange exchange, WireServer server)
    {
        await using WireClient client = await server.ConnectAsync();
        var captures = new Dictionary<string, string>();
        foreach (Step step in exchange.Steps)
        {
            if (step.After > TimeSpan.Zero)
            {
                await server.PassAsync(step.After);
            }

            await AskAsync(client, step.Request(server.UnixSeconds, captures), step, server.Flavour, captures);
        }

        if (!exchange.IsClosed && !exchange.IsUnfinished)
        {
            Step last = exchange.LastStep;
            await AskAsync(client, last.Request(0, captures), last, server.Flavour, captures);
        }

        if (!exchange.IsClosed)
        {
            client.EndRequests();
        }

        await client.ReadUntilAsync(reply => reply.Length > 0);
        Assert.True(client.IsClosed, $"nothing more was to come, but '{client.Unread}' came");
    }

    private static async Task AskAsync(
        WireClient client, byte[] request, Step step, Flavour flavour, Dictionary<string, string> captures)
    {
        Pattern[] patterns = step.Expectations(flavour);

        // Both at once: a server stops hearing a client that takes no replies, and then neither would go on.
        Task sending = client.SendAsync(request);

        // An empty reply is whole at once; if something comes all the same, the next step's reply differs.
        await client.ReadUntilAsync(reply => Best(patterns, reply, null).Fit != Fit.Prefix);
        await Eventually.Done(sending, "the server takes the request");
        Comparison comparison = Best(patterns, client.Unread, captures);
        if (comparison.Fit != Fit.Whole)
        {
            Assert.Fail(Difference.Between(patterns, client.Unread, comparison.Length));
        }

        step.CheckStats(client.Unread[..comparison.Length]);
        client.Take(comparison.Length);
    }

    private static Comparison Best(Pattern[] patterns, string reply, Dictionary<string, string>? captures)
        => patterns.Select(pattern => pattern.Compare(reply, captures)).MaxBy(comparison => comparison.Fit);
}
