using System.CommandLine;

namespace LivenessEngine.Daemon.CommandLine;

/// <summary>
/// Takes apart what getopt allows and the command line library does not: <c>-p11211</c> for <c>-p 11211</c>,
/// <c>-dvv</c> for <c>-d -v -v</c>, <c>--conn 5</c> for <c>--conn-limit 5</c>, and <c>-p 1 -p 2</c>, of which the last
/// counts (a start script's default, then what the operator adds).
/// </summary>
internal sealed class Getopt
{
    private static readonly string[] OfEveryCommand = ["--help", "--version"];

    private readonly Dictionary<string, Option> _options;
    private readonly Queue<string> _left;
    private readonly List<(Option? Option, string[] Words)> _taken = [];

    // Of the other commands, whose options are not memcached's: a part of a name is none of ours there.
    private readonly bool _takesParts;

    private Getopt(IEnumerable<string> arguments, IEnumerable<Option> options, IEnumerable<Command> others)
    {
        _takesParts = !others.Any(command => command.Name == arguments.FirstOrDefault());
        _left = new Queue<string>(arguments);
        _options = options.SelectMany(option => option.Aliases.Append(option.Name).Select(name => (name, option))).ToDictionary();
    }

    /// <param name="arguments">What was given.</param>
    /// <param name="options">The daemon's options.</param>
    /// <param name="others">Commands that have others.</param>
    /// <exception cref="UsageException">The last option lacks its value, or a part of a name fits several.</exception>
    public static string[] Expand(IEnumerable<string> arguments, IEnumerable<Option> options, IEnumerable<Command> others)
    {
        var getopt = new Getopt(arguments, options, others);
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

        // memcached says its version whatever else is asked for.
        return getopt._takesParts && getopt._taken.Any(taken => taken.Words is ["-V" or "--version"])
            ? ["--version"]
            : [.. getopt._taken.SelectMany(taken => taken.Words)];
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
        string given = word.Split('=', 2)[0];
        string name = WholeName(given);
        Option? option = _options.GetValueOrDefault(name);
        Take(option, name + word[given.Length..], given.Length == word.Length && TakesValue(option) ? NextWord(name) : null);
    }

    // As getopt_long(3): a part is enough that only one name begins with.
    private string WholeName(string name)
    {
        if (!_takesParts || name.Length < 3 || !name.StartsWith("--", StringComparison.Ordinal) || IsName(name))
        {
            return name;
        }

        string[] names = [.. _options.Keys.Concat(OfEveryCommand).Where(other => other.StartsWith(name, StringComparison.Ordinal))];
        return names.Length switch
        {
            0 => name,
            1 => names[0],
            _ => throw new UsageException($"liveness: option '{name}' is ambiguous; possibilities: {string.Join(' ', names.Order(StringComparer.Ordinal))}"),
        };
    }

    private bool IsName(string name) => _options.ContainsKey(name) || OfEveryCommand.Contains(name);

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
