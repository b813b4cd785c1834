using System.Globalization;
using System.Text;

namespace LivenessEngine.Tools.Instruments;

/// <summary>A file of results: a line of names, and then a line for each row. A field in quotes may hold commas.</summary>
internal sealed class CsvTable
{
    private readonly Dictionary<string, int> _columns;
    private readonly List<string[]> _rows = [];

    private CsvTable(IEnumerable<string> lines)
    {
        string[][] all = [.. lines.Where(line => line.Length > 0).Select(Split)];
        _columns = all.Length == 0 ? [] : all[0].Index().ToDictionary(column => column.Item, column => column.Index, StringComparer.Ordinal);
        _rows.AddRange(all.Skip(1));
    }

    public IEnumerable<Row> Rows => _rows.Select(row => new Row(this, row));

    /// <summary>The rows of a file; none where it is not there.</summary>
    public static CsvTable Read(string path) => new(File.Exists(path) ? File.ReadLines(path) : []);

    public static CsvTable Parse(IEnumerable<string> lines) => new(lines);

    private static string[] Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        bool isQuoted = false;
        foreach (char letter in line)
        {
            if (letter == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (letter == ',' && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(letter);
            }
        }

        return [.. fields, field.ToString()];
    }

    /// <summary>One line.</summary>
    internal readonly struct Row(CsvTable table, string[] fields)
    {
        /// <exception cref="InvalidDataException">The file has no such column, or this line none.</exception>
        public string this[string column] => table._columns.TryGetValue(column, out int index) && index < fields.Length
            ? fields[index]
            : throw new InvalidDataException($"there is no column '{column}'");

        /// <exception cref="InvalidDataException">There is no such column, or no number in it.</exception>
        public double Number(string column) => double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new InvalidDataException($"'{this[column]}' in column '{column}' is no number");
    }
}
