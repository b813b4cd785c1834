using LivenessEngine.Memcached.Server.Authentication;

namespace LivenessEngine.Memcached.Tests.Server.Authentication;

public sealed class CredentialsTests
{
    [Theory]
    [InlineData("user:pass\nsam:secret word\n", "user", "pass", true)]
    [InlineData("user:pass\nsam:secret word\n", "sam", "secret word", true)]
    [InlineData("user:pass\r\nsam:s:e:c\r\n", "sam", "s:e:c", true)]
    [InlineData("user:pass", "user", "pass", true)]
    [InlineData("user:pass\nsam:word\n", "user", "word", false)]
    [InlineData("user:pass\n", "user", "pas", false)]
    [InlineData("user:pass\n", "user", "passs", false)]
    [InlineData("user:pass\n", "use", "rpass", false)]
    [InlineData("user:pass\n", "User", "pass", false)]
    [InlineData("user:pass\n", "", "", false)]
    [InlineData("user:pass\n", "user", "pass\r", false)]
    public void Only_name_and_password_together_match(string file, string user, string password, bool matches)
        => Assert.Equal(matches, Parse(file).Match(Bytes.Of(user), Bytes.Of(password)));

    [Theory]
    [InlineData("", "authentication file /a is empty; it takes lines of user:password")]
    [InlineData("\n", "authentication file /a, line 1: it is empty; it takes user:password")]
    [InlineData("a:b\n\n", "authentication file /a, line 2: it is empty; it takes user:password")]
    [InlineData("a:b\nsecret\n", "authentication file /a, line 2: there is no ':'; it takes user:password")]
    [InlineData(":secret\n", "authentication file /a, line 1: there is no user before the ':'")]
    [InlineData("a:\r\n", "authentication file /a, line 1: there is no password behind the ':'")]
    [InlineData("a:b\0c\n", "authentication file /a, line 1: there is a zero byte in it")]
    public void A_file_that_is_wrong_is_told_by_line_and_without_what_is_secret(string file, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => Parse(file)).Message);

    [Fact]
    public void Users_and_lines_have_memcacheds_limits()
    {
        string most = string.Concat(Enumerable.Range(1, Credentials.MostUsers).Select(i => $"user{i}:{i}\n"));
        string longest = new('p', Credentials.LongestLine - 2);

        Assert.Equal(8, Parse(most).Count);
        Assert.True(Parse(most).Match("user8"u8, "8"u8));
        Assert.EndsWith("line 9: there are more users than allowed; allowed are up to 8", Assert.Throws<FormatException>(() => Parse(most + "z:z\n")).Message);
        Assert.True(Parse($"u:{longest}").Match("u"u8, Bytes.Of(longest)));
        Assert.False(Parse($"u:{longest}").Match("u"u8, Bytes.Of(longest + "p")));
        Assert.EndsWith("line 1: it has 256 bytes; allowed are up to 255", Assert.Throws<FormatException>(() => Parse($"u:{longest}p\n")).Message);
    }

    private static Credentials Parse(string file) => Credentials.Parse(Bytes.Of(file), "/a");
}
