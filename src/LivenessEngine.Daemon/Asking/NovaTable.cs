using System.Globalization;
using Spectre.Console;

namespace LivenessEngine.Daemon.Asking;

/// <summary>
/// The services with the columns of <c>openstack compute service list</c>. The zone is Nova's default for the kind of
/// service: host aggregates, which can give another one, stand in a table of Nova's API database.
/// </summary>
internal static class NovaTable
{
    public static void Write(IReadOnlyList<MemberStatus> members)
    {
        Terminal.Widen();
        Spectre.Console.Table table = new Spectre.Console.Table().Border(TableBorder.Ascii2)
            .AddColumns("ID", "Binary", "Host", "Zone", "Status", "State", "Updated At");
        foreach (MemberStatus member in members.OrderBy(member => member.Service?.Id ?? long.MaxValue))
        {
            ServiceRecord? service = member.Service;
            table.AddRow(
                service?.Id.ToString(CultureInfo.InvariantCulture) ?? "-",
                Markup.Escape(Terminal.Plain(service?.Binary ?? $"nova-{member.Group}")),
                Markup.Escape(Terminal.Plain(member.Member)),
                member.Group == "compute" ? "nova" : "internal",
                service?.IsDisabled == true ? "disabled" : "enabled",
                member.State == MemberState.Up ? "up" : "down",
                UpdatedAt(member)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "-");
        }

        AnsiConsole.Write(table);
    }

    // As Nova's mc driver has it: the later of the two (nova/servicegroup/drivers/mc.py, updated_time).
    private static DateTimeOffset? UpdatedAt(MemberStatus member)
        => member.LastSeen is null || member.Service?.UpdatedAt > member.LastSeen ? member.Service?.UpdatedAt : member.LastSeen;
}
