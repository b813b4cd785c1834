using System.Globalization;

namespace LivenessEngine.Daemon.Asking;

/// <summary>
/// The services as <c>openstack compute service list</c> prints them (cliff's table, whose numbers stand to the right).
/// The zone is Nova's default for the kind of service: host aggregates, which can give another one, stand in a table of
/// Nova's API database.
/// </summary>
internal static class NovaTable
{
    public static void Write(IReadOnlyList<MemberStatus> members)
    {
        var table = new PlainTable("ID", "Binary", "Host", "Zone", "Status", "State", "Updated At") { RightAligned = 0 };
        foreach (MemberStatus member in members.OrderBy(member => member.Service?.Id ?? long.MaxValue))
        {
            ServiceRecord? service = member.Service;
            table.Add(
                service?.Id.ToString(CultureInfo.InvariantCulture) ?? "-",
                Terminal.Plain(service?.Binary ?? $"nova-{member.Group}"),
                Terminal.Plain(member.Member),
                member.Group == "compute" ? "nova" : "internal",
                service?.IsDisabled == true ? "disabled" : "enabled",
                member.State is MemberState.Up or MemberState.Suspect ? "up" : "down",
                UpdatedAt(member)?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) ?? "-");
        }

        using StreamWriter output = Terminal.OpenOutput();
        table.WriteFramed(output);
    }

    // As Nova's mc driver has it: the later of the two (nova/servicegroup/drivers/mc.py, updated_time).
    private static DateTimeOffset? UpdatedAt(MemberStatus member)
        => member.LastSeen is null || member.Service?.UpdatedAt > member.LastSeen ? member.Service?.UpdatedAt : member.LastSeen;
}
