namespace LivenessEngine.Configuration;

/// <summary>
/// Takes a configuration file apart as oslo.config does (<c>oslo_config/iniparser.py</c>), which is neither Windows' INI
/// nor Python's: a line that begins with white space continues the value before it, ':' assigns as '=' does, and one pair
/// of quotes around a first line is taken off.
/// </summary>
/// <remarks>
/// <code>
/// [section]
/// # comment
/// ; comment
/// key = value
///   continued
/// key: "value"
/// </code>
/// </remarks>
internal static class OsloConfigurationFile
{
    /// <summary>One assignment, in the order of the file.</summary>
    /// <param name="Section">As it is written.</param>
    /// <param name="Option">The option's name.</param>
    /// <param name="Value">The value; lines that continue it stand behind a line feed.</param>
    /// <param name="Line">Where it begins, from 1.</param>
    public sealed record Assignment(string Section, string Option, string Value, int Line);

    /// <param name="lines">The file's lines.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ServiceGroupConfigurationException">A line is none that is allowed.</exception>
    public static IReadOnlyList<Assignment> Parse(IEnumerable<string> lines, string file)
    {
        var assignments = new List<Assignment>();
        string? section = null;
        bool open = false;
        int number = 0;
        foreach (string raw in lines)
        {
            number++;
            string line = raw.TrimEnd();
            if (line.Length == 0)
            {
                open = false;
            }
            else if (line[0] is ' ' or '\t')
            {
                if (!open)
                {
                    throw Wrong(file, number, "a line that begins with white space continues a value, and there is none before it");
                }

                Assignment last = assignments[^1];
                assignments[^1] = last with { Value = $"{last.Value}\n{line.TrimStart()}" };
            }
            else if (line[0] == '[')
            {
                open = false;
                section = SectionIn(line, file, number);
            }
            else if (line[0] is '#' or ';')
            {
                // A comment does end a value: what is indented below it has nothing to continue.
                open = false;
            }
            else
            {
                assignments.Add(AssignmentIn(line, section, file, number));
                open = true;
            }
        }

        return assignments;
    }

    private static string SectionIn(string line, string file, int number)
        => !line.EndsWith(']') ? throw Wrong(file, number, $"'{line}' begins a section and does not end with ']'")
            : line.Length <= 2 ? throw Wrong(file, number, "a section has no name")
            : line[1..^1];

    private static Assignment AssignmentIn(string line, string? section, string file, int number)
    {
        int at = line.AsSpan().IndexOfAny('=', ':');
        if (at < 0)
        {
            throw Wrong(file, number, $"'{line}' is neither a section, nor a comment, nor an assignment (option = value)");
        }

        string option = line[..at].Trim();
        string value = line[(at + 1)..].Trim();
        if (value.Length > 0 && value[0] is '"' or '\'' && value[^1] == value[0])
        {
            value = value.Length == 1 ? "" : value[1..^1];
        }

        return option.Length == 0 ? throw Wrong(file, number, "an assignment has no option before its '='")
            : section is null ? throw Wrong(file, number, $"'{option}' stands before the first section, such as [DEFAULT]")
            : new Assignment(section, option, value, number);
    }

    private static ServiceGroupConfigurationException Wrong(string file, int line, string what) => new($"{file}:{line}: {what}.");
}
