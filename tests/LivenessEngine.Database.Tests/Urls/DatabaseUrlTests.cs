using LivenessEngine.Database.Urls;

namespace LivenessEngine.Database.Tests.Urls;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("sqlite:////var/lib/nova/nova.sqlite", nameof(DatabaseKind.Sqlite), null, null, null, null, "/var/lib/nova/nova.sqlite")]
    [InlineData("sqlite:///nova.sqlite", nameof(DatabaseKind.Sqlite), null, null, null, null, "nova.sqlite")]
    [InlineData("sqlite:////a@b/n%20.sqlite?timeout=3", nameof(DatabaseKind.Sqlite), null, null, null, null, "/a@b/n%20.sqlite")]
    [InlineData("mysql+pymysql://nova:secret@db1/nova?charset=utf8", nameof(DatabaseKind.MySql), "nova", "secret", "db1", null, "nova")]
    [InlineData("mariadb+pymysql://nova:a%40b%2Fc%3a@[fd00::1]:3307/nova", nameof(DatabaseKind.MySql), "nova", "a@b/c:", "fd00::1", 3307, "nova")]
    [InlineData("mysql://n%C3%B6va@db1/nova", nameof(DatabaseKind.MySql), "növa", null, "db1", null, "nova")]
    [InlineData("postgresql://nova:p/w:x@10.0.0.1:5433/nova", nameof(DatabaseKind.PostgreSql), "nova", "p/w:x", "10.0.0.1", 5433, "nova")]
    [InlineData("postgresql+psycopg2:///nova?host=/var/run/postgresql", nameof(DatabaseKind.PostgreSql), null, null, null, null, "nova")]
    [InlineData("postgresql://nova:a+b@db1/nova", nameof(DatabaseKind.PostgreSql), "nova", "a+b", "db1", null, "nova")]
    public void AUrlIsTakenApart(string text, string kind, string? user, string? password, string? host, int? port, string database)
    {
        DatabaseUrl url = DatabaseUrl.Parse(text);

        Assert.Equal((kind, user, password, host, port, database), (url.Kind.ToString(), url.User, url.Password, url.Host, url.Port, url.Database!));
    }

    [Fact]
    public void OptionsAreDecoded()
        => Assert.Equal(
            [new UrlOption("unix_socket", "/run/my sql.sock"), new UrlOption("charset", "utf8"), new UrlOption("charset", "b=c")],
            DatabaseUrl.Parse("mysql://u@h/d?unix_socket=%2Frun/my+sql.sock&charset=utf8&empty=&charset=b%3Dc").Options);

    [Theory]
    [InlineData("", "does not begin")]
    [InlineData("/var/lib/nova.sqlite", "does not begin")]
    [InlineData("oracle://u:secret@h/d", "'oracle' is no database")]
    [InlineData("postgres://u:secret@h/d", "called postgresql")]
    [InlineData("mysql+asyncmy://u:secret@h/d", "'mysql+asyncmy' is no database")]
    [InlineData("sqlite://", "memory")]
    [InlineData("sqlite:///:memory:", "memory")]
    [InlineData("sqlite:///file::memory:?cache=shared", "memory")]
    [InlineData("sqlite://nova.sqlite", "three slashes")]
    [InlineData("mysql://u:secret@h", "names no database")]
    [InlineData("mysql://u:secret@h/", "names no database")]
    [InlineData("mysql://u:secret@h:0/d", "no port")]
    [InlineData("mysql://u:secret@h:65536/d", "no port")]
    [InlineData("mysql://u:secret/d", "no port")]
    [InlineData("mysql://u:se@secret@h/d", "written %40")]
    [InlineData("mysql://u:se@h/secret@h/d", "written %40")]
    [InlineData("mysql://u:se@c?secret@h/d", "name=value")]
    public void ABadUrlIsToldAndNoPasswordShown(string text, string cause)
    {
        FormatException fault = Assert.Throws<FormatException>(() => DatabaseUrl.Parse(text));

        Assert.Contains(cause, fault.Message, StringComparison.Ordinal);
        Assert.Contains("allowed are sqlite:////absolute/path", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ItsTextShowsNoPassword()
        => Assert.DoesNotContain("secret", DatabaseUrl.Parse("mysql://u:secret@h/d").ToString(), StringComparison.Ordinal);
}
