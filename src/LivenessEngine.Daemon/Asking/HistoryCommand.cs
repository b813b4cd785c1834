using System.Globalization;
using System.Text.Json;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.Asking;

/// <summary>liveness history: the last transitions and their reasons, the oldest first.</summary>
internal static class HistoryCommand
{
    /// <param name="daemon">Whom to ask.</param>
    /// <param name="group">Only this group; null for all.</param>
    /// <param name="count">How many at the most, of that group.</param>
    /// <param name="json">Whether as JSON.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(AskedDaemon daemon, string? group, int? count, bool json, CancellationToken cancellationToken)
    {
        Names.CheckGroup(group);
        if (count <= 0)
        {
            throw new UsageException($"--count: {count} is not allowed; it takes a number, 1 or more", ExitCode.Usage);
        }

        // All of them where a group is asked for: the last of a group may be long ago.
        string most = count is null || group is not null ? "" : count.Value.ToString(CultureInfo.InvariantCulture);
        var lines = new List<HistoryLine>();
        using MemcachedConnection connection = await daemon.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await foreach ((string name, string value) in connection.StatsAsync($"liveness-history {most}", cancellationToken).ConfigureAwait(false))
        {
            HistoryLine line = HistoryLine.Parse(name, value);
            if (group is null || line.Group == group)
            {
                lines.Add(line);
            }
        }

        Write(count is null ? lines : lines.TakeLast(count.Value), json);
        return ExitCode.Success;
    }

    private static void Write(IEnumerable<HistoryLine> lines, bool json)
    {
        if (json)
        {
            WriteJson(lines);
            return;
        }

        var table = new PlainTable("Time (UTC)", "Group", "Member", "From", "To", "Reason");
        foreach (HistoryLine line in lines)
        {
            table.Add(Text(line.At), Terminal.Plain(line.Group), Terminal.Plain(line.Member), line.From, line.To, line.Reason);
        }

        using StreamWriter output = Terminal.OpenOutput();
        table.Write(output);
    }

    private static void WriteJson(IEnumerable<HistoryLine> lines)
    {
        using Stream output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (HistoryLine line in lines)
        {
            writer.WriteStartObject();
            writer.WriteString("time", Text(line.At));
            writer.WriteString("group", line.Group);
            writer.WriteString("member", line.Member);
            writer.WriteString("from", line.From);
            writer.WriteString("to", line.To);
            writer.WriteString("reason", line.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(StatusJson.TimeFormat, CultureInfo.InvariantCulture);
}
