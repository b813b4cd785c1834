using System.Globalization;
using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

/// <summary>Who is up and who is down, for people.</summary>
internal static class StatusTable
{
    public static void Write(IReadOnlyList<MemberStatus> members)
    {
        Terminal.Widen();
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumns("Group", "Member", "State", "Last seen (UTC)");
        table.AddColumn(new TableColumn("Age").RightAligned());
        bool registered = members.Any(member => member.Service is not null);
        if (registered)
        {
            table.AddColumn("Registered");
        }

        foreach (MemberStatus member in members)
        {
            string[] cells =
            [
                Markup.Escape(Terminal.Plain(member.Group)),
                Markup.Escape(Terminal.Plain(member.Member)),
                $"[{ColourOf(member.State)}]{member.State.ToString().ToLowerInvariant()}[/]",
                member.LastSeen?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never",
                member.Age is { } age ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:F1} s") : "",
            ];
            table.AddRow(registered ? [.. cells, Registered(member)] : cells);
        }

        AnsiConsole.Write(table);
        int Count(MemberState state) => members.Count(member => member.State == state);
        Console.WriteLine($"{Count(MemberState.Up)} up, {Count(MemberState.Down)} down, {members.Count} in all");
    }

    private static string ColourOf(MemberState state) => state switch
    {
        MemberState.Up => "green",
        MemberState.Down => "red",
        _ => "yellow",
    };

    private static string Registered(MemberStatus member) => member.Service switch
    {
        null => "no",
        { IsForcedDown: true } => "forced down",
        _ when member.LastSeen is null => "never beat",
        { IsDisabled: true } => "disabled",
        _ => "yes",
    };
}
