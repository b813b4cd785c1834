using LivenessEngine.Configuration;

namespace LivenessEngine.Tests.Configuration;

/// <summary>What each is was tried with oslo.config 9.0.0 itself.</summary>
public sealed class OsloConfigurationFileTests
{
    private static string Parse(string text)
        => string.Join(
            " ; ",
            OsloConfigurationFile.Parse(text.Split('\n'), "nova.conf").Select(a => $"{a.Section}/{a.Option}={a.Value.Replace("\n", "|", StringComparison.Ordinal)}@{a.Line}"));

    [Theory]
    [InlineData("[DEFAULT]\na = 1", "DEFAULT/a=1@2")]
    [InlineData("[DEFAULT]\na: 1", "DEFAULT/a=1@2")]
    [InlineData("[DEFAULT]\na = b:c", "DEFAULT/a=b:c@2")]
    [InlineData("[DEFAULT]\na:b = c", "DEFAULT/a=b = c@2")]
    [InlineData("[DEFAULT]\na =", "DEFAULT/a=@2")]
    [InlineData("[DEFAULT]\na = 1  \n\n# c\n; d\nb=2", "DEFAULT/a=1@2 ; DEFAULT/b=2@6")]
    [InlineData("[DEFAULT]\na = 1\n  x\n\t# y", "DEFAULT/a=1|x|# y@2")]
    [InlineData("[DEFAULT]\na = \" 5 \"\nb = '6'\nc = \"7'", "DEFAULT/a= 5 @2 ; DEFAULT/b=6@3 ; DEFAULT/c=\"7'@4")]
    [InlineData("[DEFAULT]\na = \"", "DEFAULT/a=@2")]
    [InlineData("[DEFAULT]\na = \"q\n  d\"", "DEFAULT/a=\"q|d\"@2")]
    [InlineData("[DEFAULT]\na = 1\n[database]\na = 2\n[DEFAULT]\na = 3", "DEFAULT/a=1@2 ; database/a=2@4 ; DEFAULT/a=3@6")]
    [InlineData("# nothing\n\n", "")]
    public void Is_read_as_oslo_config_reads_it(string text, string expected) => Assert.Equal(expected, Parse(text));

    [Theory]
    [InlineData("a = 1", "nova.conf:1: 'a' stands before the first section")]
    [InlineData("[DEFAULT]\n\nx", "nova.conf:3: 'x' is neither")]
    [InlineData("[DEFAULT]\n= 1", "nova.conf:2: an assignment has no option")]
    [InlineData("[DEFAULT", "nova.conf:1: '[DEFAULT' begins a section and does not end")]
    [InlineData("[]", "nova.conf:1: a section has no name")]
    [InlineData("  a = 1", "nova.conf:1: a line that begins with white space")]
    [InlineData("[DEFAULT]\na = 1\n\n  b", "nova.conf:4: a line that begins with white space")]
    [InlineData("[DEFAULT]\na = 1\n# c\n  b", "nova.conf:4: a line that begins with white space")]
    public void What_is_wrong_is_named_with_its_line(string text, string expected)
        => Assert.StartsWith(expected, Assert.Throws<ServiceGroupConfigurationException>(() => Parse(text)).Message, StringComparison.Ordinal);
}
