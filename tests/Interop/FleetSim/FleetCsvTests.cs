using LivenessEngine.Tools.FleetSim.Judging;
using LivenessEngine.Tools.FleetSim.Runs;
using LivenessEngine.Tools.Instruments;

namespace LivenessEngine.Interop.FleetSim;

/// <summary>What is written is read again by the names of its columns.</summary>
public sealed class FleetCsvTests
{
    [Fact]
    public void A_row_is_read_by_its_columns()
    {
        var row = new FleetRow
        {
            Backend = "nova-db mariadb",
            Nodes = 3000,
            ReportInterval = TimeSpan.FromSeconds(0.5),
            Measured = TimeSpan.FromSeconds(10),
            AskedPerSecond = 6000,
            AchievedPerSecond = 5000.5,
            ServerCpu = TimeSpan.FromSeconds(5),
            Outcome = new Outcome { Live = 4, FalselyDown = 1, Dead = 2, Found = 2 },
            LagP99 = TimeSpan.FromMilliseconds(12),
        };
        CsvTable.Row read = Assert.Single(CsvTable.Parse([FleetRow.CsvHeader, row.ToCsv()]).Rows);
        Assert.Equal("nova-db mariadb", read["backend"]);
        Assert.Equal(
            [3000, 0.5, 6000, 5000.5, 50, 99.99, 0.25, 12, 0],
            [
                read.Number("nodes"), read.Number("report_interval_s"), read.Number("asked_per_s"), read.Number("achieved_per_s"),
                read.Number("server_cpu_percent"), read.Number("cpu_us_per_beat"), read.Number("falsely_down_share"), read.Number("lag_p99_ms"), read.Number("excused"),
            ]);
    }

    [Fact]
    public void A_field_in_quotes_may_hold_commas()
    {
        CsvTable.Row row = Assert.Single(CsvTable.Parse(["load,server,cost", "\"set, depth 1\",memcached,6.5"]).Rows);
        Assert.Equal(("set, depth 1", "memcached", 6.5), (row["load"], row["server"], row.Number("cost")));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        CsvTable.Row row = Assert.Single(CsvTable.Parse(["a,b", "x"]).Rows);
        Assert.Contains("'c'", Assert.Throws<InvalidDataException>(() => row["c"]).Message, StringComparison.Ordinal);
        Assert.Contains("'b'", Assert.Throws<InvalidDataException>(() => row["b"]).Message, StringComparison.Ordinal);
        Assert.Contains("'x'", Assert.Throws<InvalidDataException>(() => row.Number("a")).Message, StringComparison.Ordinal);
        Assert.Empty(CsvTable.Read("/nowhere/at/all.csv").Rows);
    }
}
