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
        bool registered = members.Any(member => member.Service is not null);
        string[] headers = ["Group", "Member", "State", "Last seen (UTC)", "Age", .. registered ? ["Registered"] : (string[])[]];
        if (members.Count > MostPretty)
        {
            WritePlain(members, headers);
        }
        else
        {
            WritePretty(members, headers);
        }

        int Count(MemberState state) => members.Count(member => member.State == state);
        string suspects = Count(MemberState.Suspect) is > 0 and int held ? $"{held} suspect, " : "";
        Console.WriteLine($"{Count(MemberState.Up)} up, {suspects}{Count(MemberState.Down)} down, {members.Count} in all");
    }

    private static void WritePretty(IReadOnlyList<MemberStatus> members, string[] headers)
    {
        Terminal.Widen();
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Simple).AddColumns(headers);
        table.Columns[AgeColumn].RightAligned();
        foreach (MemberStatus member in members)
        {
            string[] cells = [.. Cells(member)[..headers.Length].Select(Markup.Escape)];
            cells[2] = $"[{ColourOf(member.State)}]{cells[2]}[/]";
            table.AddRow(cells);
        }

        AnsiConsole.Write(table);
    }

    private static void WritePlain(IReadOnlyList<MemberStatus> members, string[] headers)
    {
        var table = new PlainTable(headers) { RightAligned = AgeColumn };
        foreach (MemberStatus member in members)
        {
            table.Add(Cells(member)[..headers.Length]);
        }

        using StreamWriter output = Terminal.OpenOutput();
        table.Write(output);
    }

    private static string[] Cells(MemberStatus member) =>
    [
        Terminal.Plain(member.Group),
        Terminal.Plain(member.Member),
        member.State.ToString().ToLowerInvariant(),
        member.LastSeen?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "never",
        member.Age is { } age ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:F1} s") : "",
        Registered(member),
    ];

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
