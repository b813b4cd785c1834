using System.CommandLine;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>
/// Takes apart what getopt allows and the command line library does not: <c>-p11211</c> for <c>-p 11211</c>,
/// <c>-dvv</c> for <c>-d -v -v</c>, and <c>-p 1 -p 2</c>, of which the last counts (a start script's default, then what
/// the operator adds).
/// </summary>
internal sealed class Getopt
{
    private readonly Dictionary<string, Option> _options;
    private readonly Queue<string> _left;
    private readonly List<(Option? Option, string[] Words)> _taken = [];

    private Getopt(IEnumerable<string> arguments, IEnumerable<Option> options)
    {
        _left = new Queue<string>(arguments);
        _options = options.SelectMany(option => option.Aliases.Append(option.Name).Select(name => (name, option))).ToDictionary();
    }

    /// <exception cref="UsageException">The last option lacks its value.</exception>
    public static string[] Expand(IEnumerable<string> arguments, IEnumerable<Option> options)
    {
        var getopt = new Getopt(arguments, options);
        while (getopt._left.TryDequeue(out string? argument))
        {
            if (argument.Length > 1 && argument[0] == '-' && argument[1] != '-')
            {
                getopt.TakeLetters(argument);
            }
            else
            {
                getopt.TakeWord(argument);
            }
        }

        return [.. getopt._taken.SelectMany(taken => taken.Words)];
    }

    private void TakeLetters(string letters)
    {
        for (int i = 1; i < letters.Length; i++)
        {
            string name = $"-{letters[i]}";
            Option? option = _options.GetValueOrDefault(name);
            if (TakesValue(option))
            {
                Take(option, name, i + 1 < letters.Length ? letters[(i + 1)..] : NextWord(name));
                return;
            }

            Take(option, name, value: null);
        }
    }

    // --name, --name=value, or no option at all.
    private void TakeWord(string word)
    {
        string name = word.Split('=', 2)[0];
        Option? option = _options.GetValueOrDefault(name);
        Take(option, word, name.Length == word.Length && TakesValue(option) ? NextWord(name) : null);
    }

    private void Take(Option? option, string name, string? value)
    {
        if (TakesValue(option) && option!.Arity.MaximumNumberOfValues == 1)
        {
            _taken.RemoveAll(taken => taken.Option == option);
        }

        _taken.Add((option, value is null ? [name] : [name, value]));
    }

    private string NextWord(string name)
        => _left.TryDequeue(out string? word) ? word : throw new UsageException($"liveness: option {name} requires an argument (see liveness --help)");

    private static bool TakesValue(Option? option)
        => option is not null && option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
}
