using System.Globalization;

namespace LivenessEngine.Database.Urls;

/// <summary>One option of a database URL. Its value may be a secret (a key's password), and is not shown.</summary>
internal readonly record struct UrlOption(string Name, string Value)
{
    public bool AsBoolean() => Value.ToUpperInvariant() switch
    {
        "1" or "TRUE" or "YES" or "ON" => true,
        "0" or "FALSE" or "NO" or "OFF" => false,
        _ => throw Wrong("true or false"),
    };

    public TimeSpan AsSeconds(int most = 86_400)
        => double.TryParse(Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"seconds, more than 0 and {most} at the most"));

    public int AsInteger()
        => int.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw Wrong("a whole number");

    public T OneOf<T>(IReadOnlyDictionary<string, T> values)
        => values.TryGetValue(Value, out T? value) ? value : throw Wrong($"one of {string.Join(", ", values.Keys)}");

    public FormatException Wrong(string allowed) => new($"The database URL's option '{Name}' is not right; allowed is {allowed}.");

    public FormatException Unknown(string kind, string allowed)
        => new($"The database URL's option '{Name}' is not known for {kind}; known are {allowed}.");

    public override string ToString() => Name;
}
