using System.Globalization;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;
using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

/// <summary>liveness watch: who comes up and goes down, as it happens.</summary>
internal static class WatchCommand
{
    public static async Task<int> RunAsync(AskedDaemon daemon, string? group, CancellationToken cancellationToken)
    {
        Names.CheckGroup(group);
        Terminal.Widen();
        using MemcachedConnection connection = await daemon.ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (string line in connection.WatchAsync($"liveness {group}".TrimEnd(), cancellationToken).ConfigureAwait(false))
            {
                Write(line);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl+C is how a watch ends.
        }

        return ExitCode.Success;
    }

    // ts=<unix time> gid=<n> type=liveness event=<up|suspect|down> group=<group> member=<member> last_seen=<unix time> [reason=...] [missed=<n>]
    private static void Write(string line)
    {
        Dictionary<string, string> fields = line.Split(' ')
            .Select(field => field.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        if (fields.TryGetValue("missed", out string? missed))
        {
            Console.WriteLine($"({missed} events were missed here)");
        }

        string when = Time(fields["ts"]).ToString(StatusJson.TimeFormat, CultureInfo.InvariantCulture);
        string why = fields.GetValueOrDefault("reason") switch
        {
            "left" => ", it left",
            "forced_down" => ", forced down by an operator",
            "released" => ", released by an operator",
            "silence" => $", last seen {Time(fields["last_seen"]).ToString(StatusJson.TimeFormat, CultureInfo.InvariantCulture)}",
            _ => "",
        };
        string state = fields["event"] switch
        {
            "up" => "[green]up[/]  ",
            "suspect" => "[yellow]suspect[/]",
            _ => "[red]down[/]",
        };
        AnsiConsole.MarkupLine($"{when}  {state}  {Markup.Escape(Terminal.Plain(fields["group"]))}  {Markup.Escape(Terminal.Plain(fields["member"]))}{Markup.Escape(why)}");
    }

    private static DateTime Time(string seconds)
        => DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)).UtcDateTime;
}
