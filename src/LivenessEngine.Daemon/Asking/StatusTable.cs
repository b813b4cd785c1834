using System.Globalization;
using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

/// <summary>Who is up and who is down, for people.</summary>
internal static class StatusTable
{
    // Spectre measures every cell again and again: 200,000 rows take it 20 s.
    private const int MostPretty = 1000;

    private const int AgeColumn = 4;

    public static void Write(IReadOnlyList<MemberStatus> members)
    {
        Column[] columns =
        [
            new("Group", member => Terminal.Plain(member.Group)),
            new("Member", member => Terminal.Plain(member.Member)),
            new("State", member => member.State.ToString().ToLowerInvariant()),
            new("Last seen (UTC)", member => member.LastSeen?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never"),
            new("Age", member => Seconds(member.Age)),
            .. members.Any(member => member.Skew is not null) ? [new("Skew", member => Seconds(member.Skew))] : (Column[])[],
            .. members.Any(member => member.Service is not null) ? [new("Registered", Registered)] : (Column[])[],
        ];
        if (members.Count > MostPretty)
        {
            WritePlain(members, columns);
        }
        else
        {
            WritePretty(members, columns);
        }

        int Count(MemberState state) => members.Count(member => member.State == state);
        string suspects = Count(MemberState.Suspect) is > 0 and int held ? $"{held} suspect, " : "";
        Console.WriteLine($"{Count(MemberState.Up)} up, {suspects}{Count(MemberState.Down)} down, {members.Count} in all");
    }

    private static void WritePretty(IReadOnlyList<MemberStatus> members, Column[] columns)
    {
        Terminal.Widen();
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumns([.. columns.Select(column => column.Header)]);
        table.Columns[AgeColumn].RightAligned();
        foreach (MemberStatus member in members)
        {
            string[] cells = [.. columns.Select(column => Markup.Escape(column.Cell(member)))];
            cells[2] = $"[{ColourOf(member.State)}]{cells[2]}[/]";
            table.AddRow(cells);
        }

        AnsiConsole.Write(table);
    }

    private static void WritePlain(IReadOnlyList<MemberStatus> members, Column[] columns)
    {
        var table = new PlainTable([.. columns.Select(column => column.Header)]) { RightAligned = AgeColumn };
        foreach (MemberStatus member in members)
        {
            table.Add([.. columns.Select(column => column.Cell(member))]);
        }

        using StreamWriter output = Terminal.OpenOutput();
        table.Write(output);
    }

    private static string Seconds(TimeSpan? time)
        => time is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known.TotalSeconds:F1} s") : "";

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

    private readonly record struct Column(string Header, Func<MemberStatus, string> Cell);
}
