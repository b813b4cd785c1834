using System.CommandLine;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>
/// Takes apart what getopt allows and the command line library does not: <c>-p11211</c> for <c>-p 11211</c>, and
/// <c>-dvv</c> for <c>-d -v -v</c>.
/// </summary>
internal static class Getopt
{
    public static string[] Expand(IEnumerable<string> arguments, IEnumerable<Option> options)
    {
        Dictionary<char, bool> takesValue = options
            .SelectMany(option => option.Aliases.Append(option.Name)
                .Where(name => name.Length == 2 && name[0] == '-' && name[1] != '-')
                .Select(name => (Letter: name[1], TakesValue: option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool))))
            .ToDictionary(pair => pair.Letter, pair => pair.TakesValue);
        var expanded = new List<string>();
        bool isValue = false;
        foreach (string argument in arguments)
        {
            if (isValue || argument.Length < 3 || argument[0] != '-' || argument[1] == '-')
            {
                isValue = !isValue && argument.Length == 2 && argument[0] == '-' && takesValue.GetValueOrDefault(argument[1]);
                expanded.Add(argument);
                continue;
            }

            isValue = ExpandOne(argument, takesValue, expanded);
        }

        return [.. expanded];
    }

    // True when the last letter still wants its value.
    private static bool ExpandOne(string argument, Dictionary<char, bool> takesValue, List<string> expanded)
    {
        for (int i = 1; i < argument.Length; i++)
        {
            expanded.Add($"-{argument[i]}");
            if (takesValue.GetValueOrDefault(argument[i]))
            {
                if (i + 1 < argument.Length)
                {
                    expanded.Add(argument[(i + 1)..]);
                    return false;
                }

                return true;
            }
        }

        return false;
    }
}
