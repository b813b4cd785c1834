using LivenessEngine.Database.Dialects;

namespace LivenessEngine.Database.Tests;

public sealed class DatabaseOptionsTests
{
    [Theory]
    [InlineData("sqlite:////var/nova.sqlite", "SQLite file /var/nova.sqlite")]
    [InlineData("sqlite:///file:/var/nova.sqlite?mode=ro&uri=true&timeout=2.5", "SQLite file /var/nova.sqlite")]
    [InlineData("postgresql://u:secret@db1/nova?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&application_name=x&client_encoding=utf8", "PostgreSQL at db1:5432/nova")]
    [InlineData("postgresql://u:secret@/nova?host=/run/pg&port=5433", "PostgreSQL at /run/pg/nova")]
    [InlineData("postgresql://u:secret@/nova?host=db1:5432&host=db2:5432&target_session_attrs=read-write", "PostgreSQL at db1:5432,db2:5432:5432/nova")]
    [InlineData("postgresql://u:secret@[::1]:5433/nova", "PostgreSQL at [::1]:5433/nova")]
    [InlineData("mysql+pymysql://u:secret@db1:3307/nova?charset=utf8mb4&ssl_ca=/ca.pem&ssl_verify_identity=true", "MySQL at db1:3307/nova")]
    [InlineData("mysql+pymysql://u:secret@localhost/nova?unix_socket=/run/mysqld.sock&ssl_disabled=true", "MySQL at /run/mysqld.sock/nova")]
    public async Task AUrlIsUnderstood(string url, string name)
    {
        await using ISqlDialect dialect = SqlDialect.From(new DatabaseOptions { ConnectionUrl = url }, TimeProvider.System);

        Assert.Equal(name, dialect.Name);
    }

    [Theory]
    [InlineData("postgresql://u:secret@h/d?sslmod=require", "'sslmod' is not known for PostgreSQL")]
    [InlineData("postgresql://u:secret@h/d?sslmode=secret", "'sslmode' is not right; allowed is one of disable, allow, prefer")]
    [InlineData("postgresql://u:secret@h/d?connect_timeout=-1", "'connect_timeout' is not right; allowed is seconds")]
    [InlineData("postgresql://u:secret@h/d?connect_timeout=1025", "'connect_timeout' is not right; allowed is seconds, more than 0 and 1024 at the most")]
    [InlineData("postgresql://u:secret@h/d?target_session_attrs=secret", "'target_session_attrs' is not right; allowed is one of any, primary")]
    [InlineData("mysql://u:secret@h/d?sslmode=require", "'sslmode' is not known for MySQL")]
    [InlineData("mysql://u:secret@h/d?ssl_disabled=secret", "'ssl_disabled' is not right; allowed is true or false")]
    [InlineData("sqlite:////d?mode=memory", "'mode' is not right; allowed is one of ro, rw, rwc")]
    [InlineData("sqlite:////d?cache=shared", "'cache' is not known for SQLite")]
    [InlineData("", "does not begin")]
    public void ABadUrlIsNamed(string url, string cause)
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => DatabaseServiceGroup.Create(new DatabaseOptions { ConnectionUrl = url }));

        Assert.StartsWith("ConnectionUrl: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(cause, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABadValueIsNamedAndWhatIsAllowed()
    {
        Fails(options => options.ConnectTimeout = TimeSpan.Zero, "ConnectTimeout is 00:00:00; allowed is 1 s to 5 min");
        Fails(options => options.CommandTimeout = TimeSpan.FromMilliseconds(1500), "CommandTimeout is 00:00:01.5000000; allowed");
        Fails(options => options.RowsPerStatement = 0, "RowsPerStatement is 0; allowed is 1 to 1000");
        Fails(options => options.RowsPerStatement = 1001, "RowsPerStatement is 1001");
        Fails(options => options.Clock = (DatabaseClock)7, "Clock is 7; allowed are Server and Host");
    }

    private static void Fails(Action<DatabaseOptions> configure, string cause)
    {
        var options = new DatabaseOptions { ConnectionUrl = "sqlite:////var/nova.sqlite" };
        configure(options);
        Assert.Contains(cause, Assert.Throws<ArgumentOutOfRangeException>(() => options.Validated()).Message, StringComparison.Ordinal);
    }
}
