using LivenessEngine.Memcached.Server.Authentication;
using Microsoft.Extensions.Logging.Abstractions;

namespace LivenessEngine.Memcached.Tests.Server.Authentication;

public sealed class AuthenticationFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Users => Path.Combine(_folder.FullName, "users");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_read_again_when_it_is_right()
    {
        File.WriteAllText(Users, "user:old\n");
        AuthenticationFile file = Open();
        Credentials before = file.Current;
        File.WriteAllText(Users, "user:new\n");
        Assert.Same(before, file.Current);

        Assert.True(file.TryReload());
        Assert.True(file.Current.Match("user"u8, "new"u8));
        Assert.False(file.Current.Match("user"u8, "old"u8));
        Assert.True(before.Match("user"u8, "old"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public void A_file_that_has_become_wrong_changes_nothing(string? text)
    {
        File.WriteAllText(Users, "user:old\n");
        AuthenticationFile file = Open();
        File.Delete(Users);
        if (text is not null)
        {
            File.WriteAllText(Users, text);
        }

        Assert.False(file.TryReload());
        Assert.True(file.Current.Match("user"u8, "old"u8));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named()
    {
        Assert.StartsWith($"authentication file {Users} cannot be read: ", Assert.Throws<IOException>(Open).Message);
        Assert.StartsWith($"authentication file {_folder.FullName} cannot be read: ", Assert.Throws<IOException>(() => new AuthenticationFile(_folder.FullName, NullLogger.Instance)).Message);
    }

    [Fact]
    public void An_endless_file_is_not_read_to_its_end()
        => Assert.Contains("line 1", Assert.Throws<FormatException>(() => new AuthenticationFile("/dev/zero", NullLogger.Instance)).Message);

    private AuthenticationFile Open() => new(Users, NullLogger.Instance);
}
