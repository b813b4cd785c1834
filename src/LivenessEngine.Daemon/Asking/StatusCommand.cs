using System.Globalization;
using System.Net;
using System.Text.Json;
using LivenessEngine.Daemon.CommandLine;
using LivenessEngine.Memcached.Client;
using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

/// <summary>liveness status: who is up and who is down.</summary>
internal static class StatusCommand
{
    /// <summary>ISO 8601, Coordinated Universal Time, milliseconds.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static async Task<int> RunAsync(EndPoint server, string? group, bool json, CancellationToken cancellationToken)
    {
        var members = new List<MemberLine>();
        using MemcachedConnection connection = await MemcachedConnection.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
        await foreach ((string name, string value) in connection.StatsAsync($"liveness {group}", cancellationToken).ConfigureAwait(false))
        {
            members.Add(MemberLine.Parse(name, value));
        }

        members.Sort((a, b) => (a.Group, a.Member).CompareTo((b.Group, b.Member)));
        if (json)
        {
            WriteJson(members);
        }
        else
        {
            WriteTable(members, group);
        }

        return ExitCode.Success;
    }

    private static void WriteTable(List<MemberLine> members, string? group)
    {
        if (members.Count == 0)
        {
            Console.WriteLine(group is null ? "No member has reported yet." : $"No member of group '{group}' has reported yet.");
            return;
        }

        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumns("Group", "Member", "State", "Last seen (UTC)");
        table.AddColumn(new TableColumn("Age").RightAligned());
        foreach (MemberLine member in members)
        {
            string colour = member.State switch { "up" => "green", "down" => "red", _ => "yellow" };
            table.AddRow(
                Markup.Escape(Terminal.Plain(member.Group)),
                Markup.Escape(Terminal.Plain(member.Member)),
                $"[{colour}]{member.State}[/]",
                member.LastSeen?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never",
                member.Age is { } age ? string.Create(CultureInfo.InvariantCulture, $"{age:F1} s") : "");
        }

        Terminal.Widen();
        AnsiConsole.Write(table);
        int up = members.Count(member => member.State == "up");
        Console.WriteLine($"{up} up, {members.Count(member => member.State == "down")} down, {members.Count} in all");
    }

    // [{"group": ..., "member": ..., "state": ..., "last_seen": ..., "age_seconds": ...}, ...]
    private static void WriteJson(List<MemberLine> members)
    {
        using Stream output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (MemberLine member in members)
        {
            writer.WriteStartObject();
            writer.WriteString("group", member.Group);
            writer.WriteString("member", member.Member);
            writer.WriteString("state", member.State);
            writer.WriteString("last_seen", member.LastSeen?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            if (member.Age is { } age)
            {
                writer.WriteNumber("age_seconds", Math.Round(age, 3));
            }
            else
            {
                writer.WriteNull("age_seconds");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }
}
