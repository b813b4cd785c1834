namespace LivenessEngine.Daemon.Asking;

/// <summary>
/// A table whose widths are computed once, so that hundreds of thousands of rows take no time: aligned lines, or with the
/// frame that the openstack client draws.
/// </summary>
internal sealed class PlainTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];
    private readonly int[] _widths = [.. headers.Select(header => header.Length)];

    /// <summary>The column whose cells stand to the right.</summary>
    public int RightAligned { get; init; } = -1;

    public void Add(params string[] cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            _widths[i] = Math.Max(_widths[i], cells[i].Length);
        }

        _rows.Add(cells);
    }

    public void Write(TextWriter output)
    {
        foreach (string[] row in _rows.Prepend(headers))
        {
            output.WriteLine($" {string.Join("   ", row.Select(Padded))}".TrimEnd());
        }
    }

    public void WriteFramed(TextWriter output)
    {
        string line = $"+{string.Join('+', _widths.Select(width => new string('-', width + 2)))}+";
        output.WriteLine(line);
        WriteFramed(output, headers);
        output.WriteLine(line);
        foreach (string[] row in _rows)
        {
            WriteFramed(output, row);
        }

        // Nothing but a frame around nobody: so does cliff's table formatter.
        if (_rows.Count > 0)
        {
            output.WriteLine(line);
        }
    }

    private void WriteFramed(TextWriter output, string[] row) => output.WriteLine($"| {string.Join(" | ", row.Select(Padded))} |");

    private string Padded(string cell, int column) => column == RightAligned ? cell.PadLeft(_widths[column]) : cell.PadRight(_widths[column]);
}
