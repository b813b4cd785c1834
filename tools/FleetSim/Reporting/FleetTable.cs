using LivenessEngine.Tools.FleetSim.Runs;
using Spectre.Console;

namespace LivenessEngine.Tools.FleetSim.Reporting;

/// <summary>Rows on the terminal.</summary>
internal static class FleetTable
{
    public static void Show(IEnumerable<FleetRow> rows)
    {
        Spectre.Console.Table table = new Spectre.Console.Table().AddColumns(FleetText.Header);
        foreach (FleetRow row in rows)
        {
            table.AddRow([.. FleetText.Of(row).Select(Markup.Escape)]);
        }

        Screen.Write(table);
    }
}
